package dev.grantbook.platform.jobs;

import java.time.Duration;

/** Rounds that come only when a test wants them to. */
public final class TestJobs extends Jobs {

    @Override
    public void start(Job job, Runnable work) {}

    @Override
    public Beat beat(Duration pause, String name, Runnable work) {
        return () -> {};
    }
}
