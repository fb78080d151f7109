package dev.grantbook.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** A closed loop: each caller begins its next operation when its last one has ended, and does one at least. */
final class Load {

    /** How long each operation took, in ascending order. */
    private final long[] nanos;

    private final Duration time;

    /** @param nanos that each operation took, in any order; one at least */
    Load(long[] nanos, Duration time) {
        this.nanos = nanos.clone();
        Arrays.sort(this.nanos);
        this.time = time;
    }

    /** Some operation that users or bots do. */
    interface Operation {

        /** @throws IOException when the answer is not the one that is wanted */
        void run(Client client) throws IOException;
    }

    /** Goes on for a time. */
    static Load of(Operation operation, int callers, Duration length) throws IOException, InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        return of(operation, callers, () -> System.nanoTime() < end);
    }

    /** Runs an operation a number of times; once for each caller at least. */
    static Load times(Operation operation, int callers, int count) throws IOException, InterruptedException {
        var left = new AtomicInteger(count - callers);
        return of(operation, callers, () -> left.getAndDecrement() > 0);
    }

    private static Load of(Operation operation, int callers, BooleanSupplier goesOn)
            throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long start = System.nanoTime();
            List<Future<long[]>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                running.add(threads.submit(() -> repeat(operation, goesOn)));
            }
            LongStream all = LongStream.empty();
            for (Future<long[]> one : running) {
                all = LongStream.concat(all, Arrays.stream(one.get()));
            }
            var time = Duration.ofNanos(System.nanoTime() - start);
            return new Load(all.toArray(), time);
        } catch (ExecutionException e) {
            throw new IOException("the load broke off: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] repeat(Operation operation, BooleanSupplier goesOn) throws IOException {
        try (var client = new Client()) {
            LongStream.Builder nanos = LongStream.builder();
            long begun = System.nanoTime();
            do {
                operation.run(client);
                long now = System.nanoTime();
                nanos.add(now - begun);
                begun = now;
            } while (goesOn.getAsBoolean());
            return nanos.build().toArray();
        }
    }

    /**
     * Bursts with pauses, in which the just-in-time compilers catch up, until the rate rises no more.
     *
     * @param most of them
     */
    static void warm(Operation operation, int callers, Duration burst, int most)
            throws IOException, InterruptedException {
        double best = 0;
        int settled = 0;
        for (int bursts = 0; bursts < most && settled < 2; bursts++) {
            double rate = of(operation, callers, burst).perSecond();
            settled = rate > best * 1.05 ? 0 : settled + 1;
            best = Math.max(best, rate);
            TimeUnit.MILLISECONDS.sleep(burst.toMillis() / 2);
        }
    }

    int count() {
        return nanos.length;
    }

    double perSecond() {
        return count() / (time.toNanos() / 1e9);
    }

    /**
     * Returns the percentile, by nearest rank.
     *
     * @param part of all operations, such as 0.99, that were at least as quick
     */
    double millis(double part) {
        return nanos[Math.max(0, (int) Math.ceil(count() * part) - 1)] / 1e6;
    }
}
