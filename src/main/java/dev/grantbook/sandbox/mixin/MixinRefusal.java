package dev.grantbook.sandbox.mixin;

import dev.grantbook.platform.json.Json;
import jakarta.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Refuses with Mixin's own error codes (its documentation's page on them). The HTTP status is always 202. */
final class MixinRefusal extends RuntimeException {

    static final int BAD_BODY = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int INVALID_FIELD = 10002;

    private final int code;
    private final @Nullable String field;

    private MixinRefusal(int code, String description, @Nullable String field) {
        super(description);
        this.code = code;
        this.field = field;
    }

    static MixinRefusal badBody(String why) {
        return new MixinRefusal(BAD_BODY, "The request body can't be parsed as valid data: " + why, null);
    }

    static MixinRefusal unauthorized() {
        return new MixinRefusal(UNAUTHORIZED, "Unauthorized, maybe invalid token.", null);
    }

    static MixinRefusal forbidden() {
        return new MixinRefusal(FORBIDDEN, "Forbidden", null);
    }

    static MixinRefusal notFound() {
        return new MixinRefusal(NOT_FOUND, "The endpoint is not found.", null);
    }

    static MixinRefusal invalid(String field, String why) {
        return new MixinRefusal(INVALID_FIELD, "The request data has invalid field: " + why, field);
    }

    int code() {
        return code;
    }

    String description() {
        return String.valueOf(getMessage());
    }

    /** The field at fault; null when it is not about one. */
    @Nullable
    String field() {
        return field;
    }

    JsonObject toJson() {
        var error =
                Json.createObjectBuilder().add("status", 202).add("code", code).add("description", description());
        if (field != null) {
            error.add("extra", Json.createObjectBuilder().add("field", field));
        }
        return Json.createObjectBuilder().add("error", error).build();
    }
}
