package dev.grantbook.conversation.apple;

import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.ConversationFlow.Question;
import dev.grantbook.platform.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.util.UUID;

/**
 * Interactive message that asks a user of Apple Messages for Business to log in. The messaging service provider puts
 * its own {@code id}, {@code sourceId} and {@code destinationId} around it.
 *
 * <p>Since iOS 16 Messages brings the authorization code to a redirect URI, and this application exchanges it. Apple
 * documents the fields for messaging service providers only; these were found in no public document.
 */
public final class AppleMessage {

    /** The one extension of Messages that shows these messages. */
    private static final String EXTENSION =
            "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.icloud.apps.messages.business.extension";

    private AppleMessage() {}

    /**
     * @param redirectUri receives code and state
     * @param title of the message
     * @param reply title of the message that takes its place after the log-in
     */
    public static JsonObject of(Question question, Offer offer, URI redirectUri, String title, String reply) {
        JsonArrayBuilder scopes = Json.createArrayBuilder(question.connector()
                .provider()
                .always()
                .plus(question.need().scopes())
                .toList());
        JsonObjectBuilder oauth2 = Json.createObjectBuilder()
                .add("responseType", "code")
                .add("scope", scopes)
                .add("state", offer.handle().value())
                .add("redirectURI", redirectUri.toString());
        JsonObjectBuilder data = Json.createObjectBuilder()
                .add("version", "1.0")
                .add("requestIdentifier", UUID.randomUUID().toString())
                .add("authenticate", Json.createObjectBuilder().add("oauth2", oauth2));
        return Json.createObjectBuilder()
                .add("v", 1)
                .add("type", "interactive")
                .add(
                        "interactiveData",
                        Json.createObjectBuilder()
                                .add("bid", EXTENSION)
                                .add("data", data)
                                .add("receivedMessage", small(title))
                                .add("replyMessage", small(reply)))
                .build();
    }

    private static JsonObjectBuilder small(String title) {
        return Json.createObjectBuilder().add("title", title).add("style", "small");
    }
}
