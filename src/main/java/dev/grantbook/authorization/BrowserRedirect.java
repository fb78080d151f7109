package dev.grantbook.authorization;

import dev.grantbook.authorization.AuthorizationStart.Step;
import dev.grantbook.authorization.attempt.CallbackResult;
import dev.grantbook.platform.config.Settings;
import jakarta.servlet.http.Cookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Renders redirects to the provider and to outcomes. */
final class BrowserRedirect {

    private BrowserRedirect() {}

    static Response redirect(Step step, Settings settings, Cookie @Nullable [] shown) {
        return redirect(step, settings, shown, settings.attempts().lifetime());
    }

    /**
     * Renders the redirect of a callback. Browsers carry a fragment over to a location without one (RFC 9110 section
     * 10.2.2), and Facebook appends {@code #_=_}: an empty fragment removes it.
     */
    static Response arrive(CallbackResult result, Settings settings, Cookie @Nullable [] shown) {
        URI location = result.location(settings);
        URI ended = location.getRawFragment() == null ? URI.create(location + "#") : location;
        Step step = result instanceof CallbackResult.OwnAttempt own
                ? new Step(ended, own.attempt().id(), own.browser())
                : Step.to(ended);
        return redirect(step, settings, shown, BrowserBinding.LIFETIME);
    }

    /**
     * @param shown the cookies of the request
     * @param age of the attempt's cookie
     */
    private static Response redirect(Step step, Settings settings, Cookie @Nullable [] shown, Duration age) {
        // 303: the provider must not receive our form again (RFC 9700 section 4.12).
        var response = Response.seeOther(step.location());
        if (step.attempt() != null && step.browser() != null) {
            response.cookie(BrowserBinding.cookies(settings, shown, step.attempt(), step.browser(), age));
        }
        return response.build();
    }
}
