package dev.grantbook.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of conversations speak both languages. */
class ChannelMessagesTest {

    @Test
    void everySentenceIsThereInBothLanguages() {
        assertThat(words(Locale.CHINESE).keySet())
                .isEqualTo(words(Locale.ENGLISH).keySet());
    }

    @Test
    void everyEndingHasItsPage() {
        Stream<String> statuses = Stream.concat(
                Stream.of(ConversationLink.LinkEnd.values()).map(ConversationLink.LinkEnd::wire), Stream.of("over"));
        assertThat(words(Locale.ENGLISH).keySet())
                .containsAll(statuses.flatMap(
                                status -> Stream.of("linked." + status + ".title", "linked." + status + ".text"))
                        .toList());
    }

    private static ResourceBundle words(Locale locale) {
        return ResourceBundle.getBundle("dev.grantbook.conversation.messages", locale);
    }
}
