package dev.grantbook.platform;

import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/** Refuses forms that another site posts in a visitor's browser. */
@Provider
public class SameOriginFilter implements ContainerRequestFilter {

    @Inject
    Settings settings;

    @Override
    public void filter(ContainerRequestContext request) {
        boolean changes = HttpMethod.POST.equals(request.getMethod());
        if (changes && !isSameOrigin(request.getHeaderString("Sec-Fetch-Site"), request.getHeaderString("Origin"))) {
            throw Problem.of(403, "cross-site", "This form was sent by another site. Please start on our own page.")
                    .exception();
        }
    }

    /**
     * Sec-Fetch-Site says it outright. Browsers without it send an Origin, which is "null" for our own forms, since our
     * pages allow no referrer.
     */
    private boolean isSameOrigin(@Nullable String fetchSite, @Nullable String origin) {
        if (fetchSite != null) {
            return fetchSite.equals("same-origin") || fetchSite.equals("none");
        }
        return origin == null || origin.equals("null") || origin.equals(ownOrigin());
    }

    private String ownOrigin() {
        String url = settings.publicUrl().toString();
        int path = url.indexOf('/', url.indexOf("//") + 2);
        return path < 0 ? url : url.substring(0, path);
    }
}
