package dev.grantbook.oauth;

import org.jspecify.annotations.Nullable;

/** A provider's response through the browser (RFC 6749 section 4.1.2, RFC 9207); its state is not checked yet. */
public sealed interface AuthorizationResponse {

    /** Characters; far above what any provider sends. */
    int LONGEST_VALUE = 4096;

    /** A response that may belong to an attempt, by its state. */
    sealed interface WithState extends AuthorizationResponse {

        Secret state();

        /** RFC 9207's {@code iss}; null for none. */
        @Nullable
        String issuer();
    }

    /** The user granted, possibly less than was requested. */
    record Granted(Secret state, @Nullable String issuer, Secret code) implements WithState {}

    /** Denied (section 4.1.2.1), or not usable; the error then is a sentence. */
    record Denied(Secret state, @Nullable String issuer, OAuthError error) implements WithState {}

    /** A response that cannot belong to an attempt; the reason is fit for a log and holds no value of the request. */
    record Invalid(String reason) implements AuthorizationResponse {}

    static AuthorizationResponse parse(@Nullable String query) {
        Parameters parameters;
        try {
            parameters = Parameters.parse(query);
        } catch (IllegalArgumentException e) {
            return new Invalid("the query is not well-formed");
        }
        String state = parameters.get("state");
        if (state == null || state.isEmpty()) {
            return new Invalid("the parameter state is missing");
        }
        String unusable = unusable(parameters, "state");
        if (unusable != null) {
            return new Invalid(unusable);
        }
        // From here on the attempt is known, and ends whatever is wrong.
        for (String name : new String[] {"code", "error", "iss"}) {
            unusable = unusable(parameters, name);
            if (unusable != null) {
                return readFailure(state, unusable);
            }
        }
        String code = require(parameters, "code");
        String error = require(parameters, "error");
        String issuer = parameters.get("iss");
        if (code != null && error != null) {
            return readFailure(state, "both code and error were given");
        }
        if (error != null) {
            return new Denied(new Secret(state), issuer, OAuthError.of(error, parameters.get("error_description")));
        }
        if (code == null) {
            // Facebook sends error_code and error_message instead.
            return readFailure(state, "neither code nor error was given");
        }
        return new Granted(new Secret(state), issuer, new Secret(code));
    }

    /** A parameter without a value counts as left out (RFC 6749 section 3.1). */
    private static @Nullable String require(Parameters parameters, String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static Denied readFailure(String state, String reason) {
        return new Denied(new Secret(state), null, new OAuthError(reason, null));
    }

    /** Why a parameter cannot be used; null when it can, or is missing. */
    private static @Nullable String unusable(Parameters parameters, String name) {
        if (parameters.isRepeated(name)) {
            return "the parameter " + name + " was given more than once";
        }
        String value = parameters.get(name);
        return value != null && value.length() > LONGEST_VALUE
                ? "the parameter " + name + " is longer than " + LONGEST_VALUE + " characters"
                : null;
    }
}
