package dev.grantbook.platform.web;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** Refuses forms that another site posts in a visitor's browser, and bodies that are not forms. */
@Provider
public class SameOriginFilter implements ContainerRequestFilter {

    @Inject
    SameOrigin sameOrigin;

    @Context
    ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        boolean changes = HttpMethod.POST.equals(request.getMethod());
        if (changes
                && !sameOrigin.allows(
                        request.getHeaderString(SameOrigin.FETCH_SITE), request.getHeaderString(SameOrigin.ORIGIN))) {
            throw SameOrigin.refusal().exception();
        }
        if (changes
                && takesForms()
                && !MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(request.getMediaType())) {
            throw new NotSupportedException();
        }
    }

    /** Methods that read fields get requests without a Content-Type too (JAX-RS 3.1 section 3.7.2). */
    private boolean takesForms() {
        Consumes consumes = resource.getResourceMethod().getAnnotation(Consumes.class);
        return consumes != null && List.of(consumes.value()).equals(List.of(MediaType.APPLICATION_FORM_URLENCODED));
    }
}
