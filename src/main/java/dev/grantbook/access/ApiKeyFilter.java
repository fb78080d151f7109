package dev.grantbook.access;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Lets nobody into the bot API without a valid key (RFC 6750 section 2.1). */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class ApiKeyFilter implements ContainerRequestFilter {

    private static final String SCHEME = "Bearer ";

    @Inject
    ApiKeys keys;

    @Inject
    Caller caller;

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
        var key = keys.find(new Secret(header.substring(SCHEME.length())));
        caller.is(key.orElseThrow(() -> Problem.of(401, "api-key-invalid", "This API key is unknown or revoked.")
                .exception()));
    }
}
