package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.OAuthError;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a provider reports errors. */
public enum FailureShape {
    /** RFC 6749 section 5.2; also with status 200, since some servers do that. */
    HTTP_STATUS {
        @Override
        public Optional<OAuthError> detect(int status, JsonObject body) {
            if (body.get("error") instanceof JsonString code && !isEmpty(code)) {
                return Optional.of(OAuthError.of(code.getString(), text(body.get("error_description"))));
            }
            return status / 100 == 2 ? Optional.empty() : Optional.of(OAuthError.of("http_" + status, null));
        }
    },
    /** An object named {@code error}, whatever the HTTP status. */
    ERROR_OBJECT {
        @Override
        public Optional<OAuthError> detect(int status, JsonObject body) {
            if (body.get("error") instanceof JsonObject error && !isEmpty(error)) {
                String description = text(error.get("description"));
                return Optional.of(OAuthError.of(
                        String.valueOf(text(error.get("code"))),
                        description == null ? text(error.get("message")) : description));
            }
            return HTTP_STATUS.detect(status, body);
        }
    },
    /** {@code "ok": false} with a code in {@code error}, whatever the HTTP status. */
    OK_FALSE {
        @Override
        public Optional<OAuthError> detect(int status, JsonObject body) {
            boolean failed = body.containsKey("ok") && body.get("ok") != JsonValue.TRUE;
            return failed
                    ? Optional.of(OAuthError.of(String.valueOf(text(body.get("error"))), null))
                    : HTTP_STATUS.detect(status, body);
        }
    };

    /** Finds the error in a reply. An empty one, like {@code "error": ""} beside a token, is none. */
    public abstract Optional<OAuthError> detect(int status, JsonObject body);

    /** Finds none in a list but by the status; the descriptor's {@code failures} read lists. */
    public Optional<OAuthError> detect(int status, JsonStructure body) {
        return detect(status, body instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT);
    }

    private static boolean isEmpty(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.getString().isBlank();
        }
        return value == JsonValue.NULL
                || (value instanceof JsonObject object
                        && object.values().stream().allMatch(FailureShape::isEmpty));
    }

    private static @Nullable String text(@Nullable JsonValue value) {
        if (value == null) {
            return null;
        }
        return value instanceof JsonString string ? string.getString() : value.toString();
    }
}
