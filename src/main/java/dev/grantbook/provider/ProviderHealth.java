package dev.grantbook.provider;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Which providers answered the last time that this node called them. It only tells: a provider that is away is no reason to
 * take a node out, since the next one would not reach it either, and everything else still works.
 */
@Readiness
@ApplicationScoped
public class ProviderHealth implements HealthCheck {

    /** By the provider's id; of this process, like the meters. */
    private static final Map<String, Boolean> ANSWERED = new ConcurrentSkipListMap<>();

    /** Does a call and remembers whether the provider answered, whatever it said. */
    static <T> T watch(Provider provider, Supplier<T> call) {
        try {
            T answer = call.get();
            ANSWERED.put(provider.id(), true);
            return answer;
        } catch (ProviderException e) {
            ANSWERED.put(provider.id(), e.kind() != ProviderException.Kind.UNREACHABLE);
            throw e;
        }
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("providers").up();
        ANSWERED.forEach((provider, answered) -> response.withData(provider, answered ? "answers" : "does not answer"));
        return response.build();
    }
}
