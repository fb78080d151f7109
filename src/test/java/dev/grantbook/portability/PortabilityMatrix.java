package dev.grantbook.portability;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same WAR, unchanged, on each server: one at a time, each run on a new copy and a new database. */
class PortabilityMatrix {

    private static final Path DIRECTORY = Path.of("target", "portability").toAbsolutePath();

    private static final Results RESULTS = new Results();

    @TestFactory
    Stream<DynamicContainer> theWalkIsTheSameOnEachServer() throws IOException {
        Files.createDirectories(DIRECTORY);
        return Run.all().stream().map(run -> {
            var walk = new PortabilityWalk(run, DIRECTORY);
            return DynamicContainer.dynamicContainer(
                    run.toString(),
                    walk.steps().stream()
                            .map(step -> DynamicTest.dynamicTest(step.name(), () -> take(run, walk, step))));
        });
    }

    /** A step that fails lets the others go on, so that one run shows all that a server does differently. */
    private static void take(Run run, PortabilityWalk walk, Step step) throws Exception {
        assumeTrue(walk.isPossible(step), "the server did not start");
        boolean passed = false;
        try {
            step.action().take();
            passed = true;
        } finally {
            RESULTS.note(run, step.name(), passed);
            RESULTS.write(DIRECTORY.resolve("results.md"));
        }
    }
}
