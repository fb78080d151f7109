package dev.grantbook.platform.web;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Tells forms of our own pages from those that another site posts in a visitor's browser. */
@ApplicationScoped
public class SameOrigin {

    public static final String FETCH_SITE = "Sec-Fetch-Site";
    public static final String ORIGIN = "Origin";

    @Inject
    Settings settings;

    /**
     * Sec-Fetch-Site says it outright. Browsers without it send an Origin, which is "null" for our own forms, since our
     * pages allow no referrer.
     */
    public boolean allows(@Nullable String fetchSite, @Nullable String origin) {
        if (fetchSite != null) {
            return fetchSite.equals("same-origin") || fetchSite.equals("none");
        }
        return origin == null || origin.equals("null") || origin.equals(ownOrigin());
    }

    public static Problem refusal() {
        return Problem.of(403, "cross-site", "This form was sent by another site. Please start on our own page.");
    }

    private String ownOrigin() {
        String url = settings.publicUrl().toString();
        int path = url.indexOf('/', url.indexOf("//") + 2);
        return path < 0 ? url : url.substring(0, path);
    }
}
