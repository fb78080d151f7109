package dev.grantbook.platform.config;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** Time and randomness come in from outside, so that tests need no sleep. */
@Dependent
public class Producers {

    /** Ticks in milliseconds, which every database keeps exactly. */
    @Produces
    public static Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofMillis(1));
    }

    @Produces
    static SecureRandom random() {
        return new SecureRandom();
    }
}
