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
 * A browser at an emulated provider's authorization endpoint. The checks are RFC 6749's (section 4.1.2.1): what makes
 * the redirect URI doubtful is shown to the user, and everything else goes back to the bot.
 *
 * @param query no name is in it twice
 * @param client whom {@code client_id} stands for
 * @param registered the only redirect URI that was registered for it
 */
public record ConsentRequest(Parameters query, Connector client, URI registered) {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** A parameter; null when it is absent or empty. */
    @Nullable
    public String get(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** @throws ConsentRefusal when the request names another redirect URI than the registered one, or none at all */
    public void demandRedirectUri() {
        if (get("redirect_uri") == null) {
            throw ConsentRefusal.page("invalid_request", "redirect_uri is missing.");
        }
        checkRedirectUri();
    }

    /** @throws ConsentRefusal when the request names another redirect URI than the registered one; none is fine */
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
     * The scopes of one parameter, none when it is absent.
     *
     * @param separators the characters that this provider reads as one, and no others
     * @param known whether there is such a scope
     * @throws ConsentRefusal for a scope that does not exist, which is what a wrong separator makes
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
     * @throws ConsentRefusal when it is another method's, or no challenge at all
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

    /** To throw: the user goes back with an error at once. */
    public ConsentRefusal back(String error, String description) {
        return ConsentRefusal.back(new Parameters()
                .with("error", error)
                .with("error_description", description)
                .with("state", get("state"))
                .appendTo(registered));
    }
}
