package dev.grantbook.conversation.apple;

import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ChannelAnswer;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.UUID;

/**
 * Writes the interactive message that asks a user of Apple Messages for Business to log in. The messaging service
 * provider adds its {@code id}, {@code sourceId} and {@code destinationId}.
 *
 * <p>Since iOS 16 Messages sends the authorization code to a redirect URI. Apple documents the fields for messaging
 * service providers only; no public document has them.
 */
@ApplicationScoped
public class AppleAnswer implements ChannelAnswer {

    /** The one extension of Messages that shows these messages. */
    private static final String EXTENSION =
            "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.icloud.apps.messages.business.extension";

    @Inject
    Settings settings;

    @Override
    public Channel channel() {
        return Channel.APPLE;
    }

    private record AppleMessage(JsonObject message) {}

    @Override
    public Record ask(Question question, Offer offer) {
        JsonArrayBuilder scopes = Json.createArrayBuilder(question.connector()
                .provider()
                .catalogue()
                .always()
                .plus(question.need().scopes())
                .toList());
        JsonObjectBuilder oauth2 = Json.createObjectBuilder()
                .add("responseType", "code")
                .add("scope", scopes)
                .add("state", offer.handle().value())
                .add(
                        "redirectURI",
                        AppleLinking.redirectUri(settings, question.connector().id())
                                .toString());
        JsonObjectBuilder data = Json.createObjectBuilder()
                .add("version", "1.0")
                .add("requestIdentifier", UUID.randomUUID().toString())
                .add("authenticate", Json.createObjectBuilder().add("oauth2", oauth2));
        return new AppleMessage(Json.createObjectBuilder()
                .add("v", 1)
                .add("type", "interactive")
                .add(
                        "interactiveData",
                        Json.createObjectBuilder()
                                .add("bid", EXTENSION)
                                .add("data", data)
                                .add("receivedMessage", small(ChannelAnswer.say(question, "apple.title")))
                                .add("replyMessage", small(ChannelAnswer.say(question, "apple.reply"))))
                .build());
    }

    private static JsonObjectBuilder small(String title) {
        return Json.createObjectBuilder().add("title", title).add("style", "small");
    }
}
