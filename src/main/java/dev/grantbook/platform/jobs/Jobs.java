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
 * Runs the {@link Job}s, on every node. The rooms start them:
 *
 * <pre>void start(@Observes @Priority(StartOrder.WORK) Startup event) {
 *     jobs.start(Job.DELIVERIES, this::deliver);
 * }</pre>
 *
 * <p>All nodes run the same job, so the work itself shares what is due: it claims rows in a transaction of its own,
 * passes over those that another node has locked, and is done when there are none. Tests call the work, and never wait
 * for a round.
 */
@ApplicationScoped
public class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class.getName());

    /**
     * For beats alone: a server may have one thread for all that is scheduled, and a beat that waits is a lease that
     * ends.
     */
    @Resource
    @SuppressWarnings("NullAway.Init") // the server injects it
    ManagedScheduledExecutorService executor;

    @Resource
    @SuppressWarnings("NullAway.Init") // the server injects it
    ManagedThreadFactory threads;

    @Inject
    Settings settings;

    @Inject
    SecureRandom random;

    private final List<ScheduledExecutorService> running = new CopyOnWriteArrayList<>();

    /**
     * Does some work again and again for as long as the application runs, in a thread of its own: a round may wait long
     * for a provider, and no other work waits with it. The first time comes at a random moment within the pause, so
     * that nodes that start together spread out; two rounds of the same work on one node never overlap.
     *
     * @param work whatever it throws is logged, and the next round comes all the same
     */
    public void start(Job job, Runnable work) {
        long millis = job.pace(settings).toMillis();
        var own = Executors.newSingleThreadScheduledExecutor(threads);
        running.add(own);
        var unused = own.scheduleWithFixedDelay(
                () -> round(job.toString(), work), random.nextLong(millis) + 1, millis, TimeUnit.MILLISECONDS);
    }

    /** Something that goes on until it is closed. */
    public interface Beat {
        void close();
    }

    /** Does some small work again and again beside what the caller does, from one pause on until closed. */
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
     * Does a round, or a part of one that keeps no other part from its turn. Whatever is thrown, an {@link Error} of a
     * broken library too, would end the rounds for ever, without a word.
     */
    public static void round(String name, Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            FaultLog.write(LOG, Level.WARNING, "a round of " + name + " failed; the next one comes all the same", e);
        }
    }
}
