package dev.grantbook.flow;

import dev.grantbook.flow.AuthorizationFlow.Step;
import dev.grantbook.platform.Settings;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** Renders where the browser goes next. */
final class Steps {

    private Steps() {}

    static Response redirect(Step step, Settings settings) {
        return redirect(step, settings, settings.attemptLifetime());
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
