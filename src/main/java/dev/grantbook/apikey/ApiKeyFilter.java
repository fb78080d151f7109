package dev.grantbook.apikey;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Requires a valid API key for the API (RFC 6750 section 2.1). */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class ApiKeyFilter implements ContainerRequestFilter {

    private static final String SCHEME = "Bearer ";

    @Inject
    ApiKeys keys;

    @Inject
    Caller caller;

    @Inject
    AnonymousBudget anonymous;

    /** Hashes of keys that were valid the last time: other requests of their network do not lock them out. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public void filter(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        boolean bearer = header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && header.length() > SCHEME.length();
        if (!bearer) {
            throw Problem.of(401, "api-key-missing", "Send the header Authorization: Bearer <API key>.")
                    .exception();
        }
        var secret = new Secret(header.substring(SCHEME.length()));
        String hash = secret.hash();
        if (!known.contains(hash)) {
            anonymous.check();
        }
        Optional<ApiKey> key = keys.find(secret);
        if (key.isEmpty()) {
            known.remove(hash);
            anonymous.spend();
            throw Problem.of(401, "api-key-invalid", "This API key is unknown or revoked.")
                    .exception();
        }
        known.add(hash);
        caller.is(key.get());
    }
}
