package dev.grantbook.platform.config;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** Provides time, randomness and settings for injection, so that tests choose them. */
@Dependent
public class Producers {

    @Produces
    @Singleton
    static Settings settings() {
        return Settings.read();
    }

    /** Reads the settings at the start, so that a wrong one stops it and not the first request that needs it. */
    static void check(@Observes @Priority(StartOrder.SETTINGS) Startup event, Settings settings) {}

    /** Ticks in milliseconds, which every database stores exactly. */
    @Produces
    public static Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofMillis(1));
    }

    @Produces
    public static SecureRandom random() {
        return new SecureRandom();
    }
}
