package dev.grantbook.platform.web;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Distinguishes forms of our own pages from those that another site posts in a visitor's browser. */
@ApplicationScoped
public class SameOrigin {

    public static final String FETCH_SITE = "Sec-Fetch-Site";
    public static final String ORIGIN = "Origin";

    @Inject
    Settings settings;

    /**
     * Judges by {@code Sec-Fetch-Site}. Browsers without it send an {@code Origin}, which is "null" for our own forms,
     * since our pages send no referrer.
     */
    public boolean allows(@Nullable String fetchSite, @Nullable String origin) {
        if (fetchSite != null) {
            return fetchSite.equals("same-origin") || fetchSite.equals("none");
        }
        URI own = settings.publicUrl();
        return origin == null
                || origin.equals("null")
                || origin.equals(own.getScheme() + "://" + own.getRawAuthority());
    }

    public static Problem refusal() {
        return Problem.of(403, "cross-site", "This form was sent by another site. Please start on our own page.");
    }
}
