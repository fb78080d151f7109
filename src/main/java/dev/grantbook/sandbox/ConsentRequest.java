package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An authorization request to an emulated provider. The checks are RFC 6749's (section 4.1.2.1): errors that make the
 * redirect URI doubtful are shown to the user, all others go back to the bot.
 *
 * @param query holds no name twice
 * @param client of {@code client_id}
 * @param registered the client's only redirect URI
 */
public record ConsentRequest(Parameters query, Connector client, URI registered) {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** A parameter; null when it is absent or empty. */
    @Nullable
    public String get(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** @throws ConsentRefusal when the request names no redirect URI, or one that is not registered */
    public void demandRedirectUri() {
        if (get("redirect_uri") == null) {
            throw ConsentRefusal.page("invalid_request", "redirect_uri is missing.");
        }
        checkRedirectUri();
    }

    /** @throws ConsentRefusal when the request names a redirect URI that is not the registered one */
    public void checkRedirectUri() {
        String named = get("redirect_uri");
        if (named != null && !named.equals(registered.toString())) {
            throw ConsentRefusal.page("invalid_request", "redirect_uri is not the registered one.");
        }
    }

    /** @throws ConsentRefusal when {@code response_type} is not {@code code} */
    public void demandCode() {
        if (!"code".equals(get("response_type"))) {
            throw back("unsupported_response_type", "response_type must be code.");
        }
    }

    /** @throws ConsentRefusal when there is no {@code state}, or one that does not match */
    public void demandState(Pattern pattern) {
        String state = get("state");
        if (state == null || !pattern.matcher(state).matches()) {
            throw back("invalid_request", "state is missing, or not " + pattern);
        }
    }

    /**
     * Splits the scopes of one parameter; none when it is absent.
     *
     * @param separators each character that this provider reads as a separator
     * @param known whether a scope exists
     * @throws ConsentRefusal for a scope that does not exist, as a wrong separator makes one
     */
    public Scopes scopes(String parameter, String separators, Predicate<String> known) {
        String text = get(parameter);
        if (text == null) {
            return Scopes.NONE;
        }
        var names = List.of(text.split("[" + separators + "]", -1));
        if (!names.stream().allMatch(known)) {
            throw back("invalid_scope", parameter + " holds a scope that does not exist.");
        }
        return new Scopes(new LinkedHashSet<>(names));
    }

    /**
     * The challenge of RFC 7636, method {@code S256}; null when the request has none.
     *
     * @throws ConsentRefusal when it is another method's, or malformed
     */
    @Nullable
    public String s256() {
        String challenge = get("code_challenge");
        if (challenge == null) {
            return null;
        }
        if (!"S256".equals(get("code_challenge_method"))) {
            throw back("invalid_request", "code_challenge_method must be S256.");
        }
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw back("invalid_request", "code_challenge is no SHA-256 in base64url.");
        }
        return challenge;
    }

    /**
     * The challenge of RFC 7636, method {@code S256}.
     *
     * @throws ConsentRefusal when there is none
     */
    public String demandS256() {
        String challenge = s256();
        if (challenge == null) {
            throw back("invalid_request", "code_challenge is missing.");
        }
        return challenge;
    }

    /** Sends the user back at once, with an error. */
    public ConsentRefusal back(String error, String description) {
        return ConsentRefusal.back(new Parameters()
                .with("error", error)
                .with("error_description", description)
                .with("state", get("state"))
                .appendTo(registered));
    }
}
