package dev.grantbook.conversation;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.platform.pages.PerLanguage;
import dev.grantbook.platform.pages.Texts;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Members of the API's answers that one channel alone has; the bot platform forwards them unread. */
public interface ChannelAnswer {

    PerLanguage<ResourceBundle> TEXTS = PerLanguage.readTexts("dev.grantbook.conversation.messages");

    Channel channel();

    /** The address that the user opens, for the link of an invitation. */
    default URI page(URI invitation) {
        return invitation;
    }

    /** Members of an answer that asks the user to log in. */
    Record ask(Question question, Offer offer);

    /** Members of an answer with a token; null for none. */
    default @Nullable Record proceed(Question question) {
        return null;
    }

    /** A text in the user's language, with the names of bot and provider. */
    static String say(Question question, String key) {
        Locale locale = Objects.requireNonNullElse(question.request().locale(), Locale.ENGLISH);
        Connector connector = question.connector();
        return Texts.fill(
                locale,
                TEXTS.in(locale).getString(key),
                connector.name().in(locale),
                connector.provider().name());
    }
}
