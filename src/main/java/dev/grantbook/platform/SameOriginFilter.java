package dev.grantbook.platform;

import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Refuses forms that another site posts in a visitor's browser. */
@Provider
public class SameOriginFilter implements ContainerRequestFilter {

    @Inject
    SameOrigin sameOrigin;

    @Override
    public void filter(ContainerRequestContext request) {
        boolean changes = HttpMethod.POST.equals(request.getMethod());
        if (changes
                && !sameOrigin.allows(
                        request.getHeaderString(SameOrigin.FETCH_SITE), request.getHeaderString(SameOrigin.ORIGIN))) {
            throw SameOrigin.refusal().exception();
        }
    }
}
