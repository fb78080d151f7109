package dev.grantbook.apikey;

import dev.grantbook.apikey.RateLimits.Standing;
import dev.grantbook.platform.problem.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Limits the requests of each key, and reports the rest in headers (draft-ietf-httpapi-ratelimit-headers). */
@Provider
@Priority(Priorities.AUTHENTICATION + 1)
public class RateLimitFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String STANDING = RateLimitFilter.class.getName();

    @Inject
    RateLimits limits;

    @Inject
    Caller caller;

    @Override
    public void filter(ContainerRequestContext request) {
        Standing standing = limits.take(caller.actor(), caller.requestsPerMinute());
        request.setProperty(STANDING, standing);
        if (!standing.allowed()) {
            throw Problem.of(
                            429,
                            "rate-limited",
                            "This API key may ask " + standing.limit() + " times a minute. Ask again in "
                                    + standing.seconds() + " seconds.")
                    .exception();
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(STANDING) instanceof Standing standing) {
            response.getHeaders()
                    .putSingle(
                            "RateLimit-Policy",
                            "\"key\";q=" + standing.limit() + ";w=" + RateLimits.WINDOW.toSeconds());
            response.getHeaders()
                    .putSingle("RateLimit", "\"key\";r=" + standing.remaining() + ";t=" + standing.seconds());
            if (!standing.allowed()) {
                response.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, String.valueOf(standing.seconds()));
            }
        }
    }
}
