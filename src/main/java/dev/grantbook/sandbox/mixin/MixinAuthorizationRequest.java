package dev.grantbook.sandbox.mixin;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that Mixin's consent page reads; it ignores all others, {@code redirect_uri} and {@code response_type}
 * included (MixinNetwork/mixin.one, {@code src/oauth/index.js}).
 *
 * @param scopes with those that cannot be left out
 * @param challenge null when none was sent
 * @param state empty when none was sent; it goes back as it came, without being encoded
 * @param returnTo null when none was sent
 */
record MixinAuthorizationRequest(
        String clientId,
        Scopes scopes,
        @Nullable String challenge,
        String state,
        @Nullable String returnTo) {

    /** A challenge has 43 characters. */
    private static final int LONGEST_CHALLENGE = 128;

    private static final int LONGEST = 2000;

    /**
     * Reads a request.
     *
     * @param known every scope there is
     * @param always the scopes that cannot be left out
     * @throws MixinRefusal when the page would show an error and never call back
     */
    static MixinAuthorizationRequest parse(Parameters parameters, Scopes known, Scopes always) {
        String clientId = optional(parameters, "client_id", LONGEST);
        if (clientId == null) {
            throw MixinRefusal.invalid("client_id", "client_id is missing.");
        }
        String state = optional(parameters, "state", LONGEST);
        if (state != null && !staysWhole(state)) {
            throw MixinRefusal.invalid(
                    "state", "Mixin puts the state back without encoding it; use letters and digits only.");
        }
        return new MixinAuthorizationRequest(
                clientId,
                always.plus(scopes(optional(parameters, "scope", LONGEST), known)),
                optional(parameters, "code_challenge", LONGEST_CHALLENGE),
                state == null ? "" : state,
                optional(parameters, "return_to", LONGEST));
    }

    /** Address of a successful authorization response. */
    String describeGrant(URI redirectUri, Secret code) {
        return back(redirectUri, "code=" + code.value());
    }

    /** Address of the authorization response after "Cancel". */
    String describeRefusal(URI redirectUri) {
        return back(redirectUri, "error=access_denied");
    }

    /** Concatenates as the real page does: always with a question mark, even after a query. */
    private String back(URI redirectUri, String result) {
        String rest = returnTo == null
                ? ""
                : "&return_to="
                        + URLEncoder.encode(returnTo, StandardCharsets.UTF_8).replace("+", "%20");
        return redirectUri + "?" + result + "&state=" + state + rest;
    }

    private static Scopes scopes(@Nullable String text, Scopes known) {
        Scopes scopes;
        try {
            scopes = Scopes.parse(text == null ? "" : text.replace('+', ' '), ' ');
        } catch (IllegalArgumentException e) {
            throw MixinRefusal.invalid("scope", "that is no list of scopes.");
        }
        if (scopes.isEmpty()) {
            throw MixinRefusal.invalid("scope", "scope is missing.");
        }
        if (!known.contains(scopes)) {
            throw MixinRefusal.invalid("scope", "there is no scope " + scopes.minus(known) + ".");
        }
        return scopes;
    }

    /** Whether the state can be part of a Location header as it is. */
    private static boolean staysWhole(String state) {
        try {
            String query = "?state=" + state;
            return URI.create(query).toASCIIString().equals(query);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String optional(Parameters parameters, String name, int longest) {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.length() > longest) {
            throw MixinRefusal.invalid(name, name + " is longer than " + longest + " characters.");
        }
        return value;
    }
}
