package dev.grantbook.platform.jobs;

import java.time.Duration;

/** Rounds that come only when a test wants them to. */
public final class TestJobs extends Jobs {

    @Override
    public void every(Duration pause, String name, Runnable work) {}

    @Override
    public Beat beat(Duration pause, String name, Runnable work) {
        return () -> {};
    }
}
