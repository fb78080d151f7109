package dev.grantbook.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Where the browser goes after an attempt of a conversation. */
class ConversationReturnTest {

    @Test
    void accountLinkingSucceedsWithACodeBehindWhatMessengerSent() {
        URI messenger =
                URI.create("https://facebook.com/messenger_platform/account_linking/?account_linking_token=ARQ1");

        assertThat(ConversationReturn.addCode(messenger, new Secret("c0de")))
                .isEqualTo(URI.create(messenger + "&authorization_code=c0de"));
    }
}
