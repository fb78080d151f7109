package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Scopes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dialect of the authorization request and its response.
 *
 * @param scopesIn parameters that carry scopes, by the prefix of those scopes; empty when none does
 * @param insteadOfScope a parameter that replaces scopes when a connector sets it; null for none
 * @param again extra parameters when the user is asked once more
 * @param withScope extra parameters of requests that contain a scope, by that scope
 * @param sendsRedirectUri whether the request names the redirect URI; some providers only know the registered one
 * @param sendsReturnTo whether the provider carries a {@code return_to} through to the callback
 * @param challengeName what the challenge method is called on the wire
 * @param refusals errors that mean the user's refusal, besides those of RFC 6749 and OpenID Connect
 */
public record AuthorizationDialect(
        String scopeSeparator,
        Map<String, String> scopesIn,
        @Nullable String insteadOfScope,
        Map<String, String> parameters,
        Map<String, String> again,
        Map<String, Map<String, String>> withScope,
        boolean sendsRedirectUri,
        boolean sendsReturnTo,
        ChallengeMethod challenge,
        String challengeName,
        Set<String> refusals) {

    /** Whether the user or the provider refused, as against a fault in the request. */
    public boolean isRefusal(OAuthError error) {
        return error.isRefusal() || refusals.contains(error.code());
    }

    public Map<String, String> withScopes(Scopes scopes) {
        var extra = new LinkedHashMap<String, String>();
        scopes.forEach(scope -> extra.putAll(withScope.getOrDefault(scope, Map.of())));
        return extra;
    }

    /** Puts each scope into the parameter with its longest prefix; leaves out parameters without scopes. */
    public Map<String, String> scopeParameters(Scopes scopes) {
        var byParameter = new LinkedHashMap<String, List<String>>();
        for (String scope : scopes) {
            scopesIn.entrySet().stream()
                    .filter(parameter -> scope.startsWith(parameter.getKey()))
                    .max(Comparator.comparingInt(parameter -> parameter.getKey().length()))
                    .ifPresent(parameter -> byParameter
                            .computeIfAbsent(parameter.getValue(), name -> new ArrayList<>())
                            .add(scope.substring(parameter.getKey().length())));
        }
        var parameters = new LinkedHashMap<String, String>();
        byParameter.forEach((name, tokens) -> parameters.put(name, String.join(scopeSeparator, tokens)));
        return parameters;
    }
}
