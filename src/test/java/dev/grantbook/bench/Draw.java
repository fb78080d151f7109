package dev.grantbook.bench;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Which user is asked about next, by number from 0. */
final class Draw {

    private Draw() {}

    /** Draws one after the other, and begins again after the last. */
    static IntSupplier each(int users) {
        var next = new AtomicInteger();
        return () -> next.getAndUpdate(user -> (user + 1) % users);
    }

    /** Draws each user as often as the other. */
    static IntSupplier uniform(int users) {
        return () -> ThreadLocalRandom.current().nextInt(users);
    }

    /** Draws few users most of the time, by Zipf's law: the user at place k about as often as 1/k says. */
    static IntSupplier zipf(int users) {
        return () -> place(users, ThreadLocalRandom.current().nextDouble());
    }

    /** @param part of all draws that go to this user or to those before, from 0 to less than 1 */
    static int place(int users, double part) {
        return (int) Math.pow(users + 1.0, part) - 1;
    }
}
