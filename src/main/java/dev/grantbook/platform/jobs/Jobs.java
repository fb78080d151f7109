package dev.grantbook.platform.jobs;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.FaultLog;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs the {@link Job}s, on every node: {@code jobs.start(Job.DELIVERIES, this::deliver)} at {@link StartOrder#WORK}.
 * The nodes share the work: a round claims rows in a transaction, skips those that another node has locked, and ends
 * when none is left. Tests call the work and never wait for a round.
 */
@ApplicationScoped
public class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class.getName());

    /** For beats only: a server may have one thread for all scheduled work, and a late beat loses its lease. */
    @Resource
    ManagedScheduledExecutorService executor;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Settings settings;

    @Inject
    SecureRandom random;

    private final List<ScheduledExecutorService> running = new CopyOnWriteArrayList<>();

    /**
     * Repeats work in a thread of its own: a round may wait long for a provider. The first round starts at a random
     * moment within the pace, so that nodes that start together spread out; rounds of the same work on one node never
     * overlap. What the work throws is logged and does not end the rounds.
     */
    public void start(Job job, Runnable work) {
        long millis = job.pace(settings).toMillis();
        var own = Executors.newSingleThreadScheduledExecutor(threads);
        running.add(own);
        var unused = own.scheduleWithFixedDelay(
                () -> round(job.toString(), work), random.nextLong(millis) + 1, millis, TimeUnit.MILLISECONDS);
    }

    /** Repeated work that runs until it is closed. */
    public interface Beat {
        void close();
    }

    /** Repeats small work beside the caller's, with the first pause before the first time, until closed. */
    public Beat beat(Duration pause, String name, Runnable work) {
        long millis = pause.toMillis();
        Future<?> beating =
                executor.scheduleAtFixedRate(() -> round(name, work), millis, millis, TimeUnit.MILLISECONDS);
        return () -> beating.cancel(false);
    }

    @PreDestroy
    void stop() {
        running.forEach(ScheduledExecutorService::shutdownNow);
    }

    /**
     * Runs a round, or a part of one that must not stop the other parts. Logs whatever is thrown, an {@link Error} of a
     * broken library too: it would end the rounds silently.
     */
    public static void round(String name, Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            FaultLog.write(LOG, Level.WARNING, "a round of " + name + " failed; the next one comes all the same", e);
        }
    }
}
