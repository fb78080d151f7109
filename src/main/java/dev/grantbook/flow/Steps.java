package dev.grantbook.flow;

import dev.grantbook.flow.AuthorizationFlow.Step;
import dev.grantbook.platform.Settings;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;

/** Renders where the browser goes next. */
final class Steps {

    private Steps() {}

    static Response redirect(Step step, Settings settings) {
        return redirect(step, settings, settings.attemptLifetime());
    }

    /**
     * Renders where a browser goes that comes back from a provider. A browser keeps the fragment of an address over a
     * redirect that has none of its own (RFC 9110 section 10.2.2), and Facebook appends {@code #_=_}: an empty one ends it.
     */
    static Response arrive(Step step, Settings settings) {
        URI location = step.location();
        Step ended = location.getRawFragment() == null
                ? new Step(URI.create(location + "#"), step.attempt(), step.browser())
                : step;
        return redirect(ended, settings, BrowserBinding.VISIT);
    }

    /** @param age how long this browser is remembered for the attempt */
    static Response redirect(Step step, Settings settings, Duration age) {
        // 303: the provider must not receive our form again (RFC 9700 section 4.12).
        var response = Response.seeOther(step.location()).header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (step.attempt() != null && step.browser() != null) {
            response.cookie(BrowserBinding.cookie(settings, step.attempt(), step.browser(), age));
        }
        return response.build();
    }
}
