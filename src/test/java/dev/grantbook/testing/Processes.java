package dev.grantbook.testing;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that a test started. */
public final class Processes {

    private static final int SECONDS_TO_STOP = 60;

    private Processes() {}

    /** Ends a process and those that it started: scripts start a server's JVM below them. */
    public static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle one : all) {
            one.onExit()
                    .completeOnTimeout(one, SECONDS_TO_STOP, TimeUnit.SECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join();
        }
    }
}
