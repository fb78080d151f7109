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
 * How much work a network may cause on this node without showing who it is: attempts that anyone may start, look-ups of
 * wrong API keys, pages to sign in at, lines in the log about requests that fit nothing. A token bucket for each
 * network (one IPv4 address, or an IPv6 /64) holds one minute's worth and fills up again evenly.
 */
@ApplicationScoped
public class AnonymousBudget {

    /**
     * Of so many networks buckets are kept; the one that asked longest ago makes room, and its bucket is most likely
     * full.
     */
    static final int MOST_NETWORKS = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** The one being answered. */
    @Inject
    HttpServletRequest request;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_NETWORKS;
        }
    };

    /** @param left how many pieces of work were left at that moment */
    private record Bucket(double left, Instant at) {}

    /**
     * Counts a piece of anonymous work of the request at hand; call it before the work.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 429 when the network has used up its budget
     */
    public void spend() {
        spend(network());
    }

    /**
     * Counts nothing, and refuses as {@link #spend} would.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 429 when the network has used up its budget
     */
    public void check() {
        refuse(pause(network(), 0));
    }

    void spend(String network) {
        refuse(pause(network, 1));
    }

    int networks() {
        synchronized (buckets) {
            return buckets.size();
        }
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

    /** @return how long to wait until there is one again; zero when there was one */
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
