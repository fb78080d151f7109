package dev.grantbook.provider;

import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.OutboundHttp;
import dev.grantbook.platform.OutboundHttp.Reply;
import dev.grantbook.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a provider's own API, with a user's token. */
@ApplicationScoped
public class ProviderApi {

    private static final int LONGEST_ID = 255;

    /** Control characters and halves of surrogate pairs: no database keeps all of them, and no page shows them. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]+");

    @Inject
    OutboundHttp http;

    /**
     * Whose token it is.
     *
     * @param id the provider's own, stable id; at most 255 characters
     * @param name what people call the account, one line, cut to 255 characters; null when the provider did not say
     */
    public record Account(String id, @Nullable String name) {}

    /**
     * Asks whose token this is.
     *
     * @return empty when the provider has no end point for that
     * @throws ProviderException when the provider did not tell
     */
    public Optional<Account> account(Provider provider, Secret accessToken) {
        URI target = provider.endpoints().account();
        if (target == null) {
            return Optional.empty();
        }
        Reply reply;
        try {
            reply = http.send(
                    HttpRequest.newBuilder()
                            .header("Accept", "application/json")
                            .header("Authorization", "Bearer " + accessToken.value()),
                    target);
        } catch (IOException e) {
            throw new ProviderException(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            // The message would quote the header, and with it the token.
            throw new ProviderException(
                    Kind.MALFORMED, "the access token cannot stand in a header (RFC 6750 section 2.1)");
        }
        JsonObject body = TokenExchange.object(reply);
        Optional<OAuthError> failure = provider.token().failure().detect(reply, body);
        if (failure.isPresent()) {
            Kind kind = reply.status() >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
            throw new ProviderException(kind, "the account end point says " + failure.get());
        }
        JsonObject account = TokenExchange.envelope(body, provider.token().envelope());
        String id = value(account, provider.account().id());
        if (id == null
                || id.isEmpty()
                || id.length() > LONGEST_ID
                || UNPRINTABLE.matcher(id).find()) {
            throw new ProviderException(Kind.MALFORMED, "the account end point did not say whose token it is");
        }
        return Optional.of(
                new Account(id, line(value(account, provider.account().name()))));
    }

    private static @Nullable String value(JsonObject object, String pointer) {
        try {
            JsonValue value = Json.createPointer(pointer).getValue(object);
            if (value instanceof JsonString text) {
                return text.getString();
            }
            return value instanceof JsonNumber number ? number.toString() : null;
        } catch (JsonException e) {
            return null; // RFC 6901 section 7: the pointer leads nowhere, so the provider did not say
        }
    }

    private static @Nullable String line(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String cut = name.substring(0, Math.min(name.length(), LONGEST_ID));
        String line = UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
        return line.isEmpty() ? null : line;
    }
}
