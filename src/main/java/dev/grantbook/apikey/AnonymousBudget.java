package dev.grantbook.apikey;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the work that a network may cause on this node without a credential: attempts, look-ups of wrong API keys,
 * sign-in pages, log lines about invalid requests. A token bucket for each network (an IPv4 address or an IPv6 /64)
 * holds one minute's worth and refills evenly.
 */
@ApplicationScoped
public class AnonymousBudget {

    /** Buckets kept; a new one replaces the one used least recently, which is most likely full. */
    static final int MOST_NETWORKS = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    HttpServletRequest request;

    final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_NETWORKS;
        }
    };

    private record Bucket(double left, Instant at) {}

    /**
     * Counts a piece of work of the current request, before it is done; throws a problem (429) when the budget is
     * spent.
     */
    public void spend() {
        spend(network());
    }

    /** Throws as {@link #spend} would, without counting. */
    public void check() {
        refuse(pause(network(), 0));
    }

    void spend(String network) {
        refuse(pause(network, 1));
    }

    private void refuse(Duration pause) {
        if (!pause.isZero()) {
            throw Problem.of(
                            429,
                            "too-many-requests",
                            "Your network has sent too many requests that do not show who sends them. Please wait a moment.")
                    .until(clock.instant().plus(pause))
                    .exception();
        }
    }

    private String network() {
        return ClientAddress.of(request, settings.trustedProxies()).network();
    }

    /** Takes from the bucket; returns how long to wait if it is empty, otherwise zero. */
    private Duration pause(String network, int cost) {
        int most = settings.anonymousPerMinute();
        double perMilli = (double) most / MINUTE.toMillis();
        Instant now = clock.instant();
        synchronized (buckets) {
            Bucket before = buckets.getOrDefault(network, new Bucket(most, now));
            long passed = Math.max(0, Duration.between(before.at, now).toMillis());
            double left = Math.min(most, before.left + passed * perMilli);
            if (left < 1) {
                return Duration.ofMillis((long) Math.ceil((1 - left) / perMilli));
            }
            if (cost > 0) {
                buckets.put(network, new Bucket(left - cost, now));
            }
            return Duration.ZERO;
        }
    }
}
