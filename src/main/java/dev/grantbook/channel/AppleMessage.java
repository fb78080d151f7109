package dev.grantbook.channel;

import dev.grantbook.channel.ConversationFlow.Offer;
import dev.grantbook.channel.ConversationFlow.Question;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Json;
import dev.grantbook.platform.Problem;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The interactive message that asks a user of Apple Messages for Business to log in. The messaging service provider puts
 * its own {@code id}, {@code sourceId} and {@code destinationId} around it.
 *
 * <p>The fields of the old way come from a public sample that names no author; those of the new way were not found in any
 * public document, and are the old ones without what only the old way needs, plus the redirect URI. Whoever has Apple's
 * documentation for service providers at hand should compare.
 *
 * @see <a href="https://register.apple.com/resources/messages/msp-rest-api/authentication-deprecated">The old way</a>
 */
record AppleMessage(Way way, String requestId, List<String> scopes, Secret state) {

    /** Who exchanges the code. */
    enum Way {
        /** We do: since iOS 16 Messages only brings the code. */
        CODE,
        /** Apple's side does, and gives the token to the platform, encrypted; deprecated. */
        TOKEN;

        /** What a body asks for; {@link #CODE} where it does not say, or it is another channel. */
        static Way of(Channel channel, JsonObject json) {
            if (!json.containsKey("apple")) {
                return CODE;
            }
            if (channel != Channel.APPLE) {
                throw Problem.field("apple", "only for the channel apple").exception();
            }
            JsonObject apple = json.getJsonObject("apple");
            Way way = valueOf(apple.getString("way", "code").toUpperCase(Locale.ROOT));
            if (way == TOKEN && !apple.containsKey("response_encryption_key")) {
                throw Problem.field("apple.response_encryption_key", "needed for the way \"token\"")
                        .exception();
            }
            return way;
        }
    }

    /** The one extension of Messages that shows such messages. */
    private static final String EXTENSION =
            "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.icloud.apps.messages.business.extension";

    static AppleMessage of(Way way, Question question, Offer offer) {
        return new AppleMessage(
                way,
                UUID.randomUUID().toString(),
                question.connector()
                        .provider()
                        .always()
                        .plus(question.need().scopes())
                        .toList(),
                offer.handle());
    }

    /** The new way. */
    JsonObject withCode(URI redirectUri, String title, String reply) {
        return message(oauth2("code", null, null, redirectUri), title, reply);
    }

    /**
     * The old way.
     *
     * @param clientSecret which Apple's side needs to exchange the code; null for a client without one
     * @param encryptionKey the platform's own, base64
     */
    JsonObject withToken(@Nullable Secret clientSecret, String encryptionKey, String title, String reply) {
        return message(oauth2("token", clientSecret, encryptionKey, null), title, reply);
    }

    private JsonObject oauth2(
            String responseType,
            @Nullable Secret clientSecret,
            @Nullable String encryptionKey,
            @Nullable URI redirectUri) {
        var json = Json.createObjectBuilder()
                .add("responseType", responseType)
                .add("scope", Json.createArrayBuilder(scopes))
                .add("state", state.value());
        if (clientSecret != null) {
            json.add("clientSecret", clientSecret.value());
        }
        if (encryptionKey != null) {
            json.add("responseEncryptionKey", encryptionKey);
        }
        if (redirectUri != null) {
            json.add("redirectURI", redirectUri.toString());
        }
        return json.build();
    }

    private JsonObject message(JsonObject oauth2, String title, String reply) {
        return Json.createObjectBuilder()
                .add("v", 1)
                .add("type", "interactive")
                .add(
                        "interactiveData",
                        Json.createObjectBuilder()
                                .add("bid", EXTENSION)
                                .add(
                                        "data",
                                        Json.createObjectBuilder()
                                                .add("version", "1.0")
                                                .add("requestIdentifier", requestId)
                                                .add(
                                                        "authenticate",
                                                        Json.createObjectBuilder()
                                                                .add("oauth2", oauth2)))
                                .add(
                                        "receivedMessage",
                                        Json.createObjectBuilder()
                                                .add("title", title)
                                                .add("style", "small"))
                                .add(
                                        "replyMessage",
                                        Json.createObjectBuilder()
                                                .add("title", reply)
                                                .add("style", "small")))
                .build();
    }
}
