package dev.grantbook.provider.http;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports which providers do not answer. The node stays ready: others would not reach them either, and all else works.
 * Only the server calls this class, for a server without MicroProfile Health leaves it out.
 */
@Readiness
@ApplicationScoped
public class ProviderHealth implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("providers").up();
        Reachability.seen()
                .forEach((provider, answered) ->
                        response.withData(provider, answered ? "answers" : "degraded: does not answer"));
        return response.build();
    }
}
