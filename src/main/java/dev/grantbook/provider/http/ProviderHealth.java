package dev.grantbook.provider.http;

import dev.grantbook.platform.observability.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.TreeMap;

/**
 * Reports which providers do not answer. The node stays ready: others would not reach them either, and all else works.
 */
@ApplicationScoped
public class ProviderHealth implements ReadinessCheck {

    @Override
    public CheckResult check() {
        var data = new TreeMap<String, String>();
        Reachability.seen()
                .forEach(
                        (provider, answered) -> data.put(provider, answered ? "answers" : "degraded: does not answer"));
        return new CheckResult("providers", true, data);
    }
}
