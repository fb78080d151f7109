package dev.grantbook.portability;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What passed, as a table: {@code target/portability/results.md}. */
final class Results {

    private record Result(int steps, List<String> failed) {}

    private final Map<Run, Result> runs = new LinkedHashMap<>();

    /** Notes a step of a run that was walked. */
    void note(Run run, String step, boolean passed) {
        Result so = runs.getOrDefault(run, new Result(0, List.of()));
        var failed = new ArrayList<>(so.failed());
        if (!passed) {
            failed.add(step);
        }
        runs.put(run, new Result(so.steps() + 1, List.copyOf(failed)));
    }

    void write(Path file) throws IOException {
        Files.writeString(
                file,
                "| server | version | JDK | database | path | steps | failed |\n|---|---|---|---|---|---|---|\n"
                        + runs.entrySet().stream()
                                .map(entry -> row(entry.getKey(), entry.getValue()))
                                .collect(joining()));
    }

    private static String row(Run run, Result result) {
        return "| %s | %s | %d | %s | %s | %d | %s |\n"
                .formatted(
                        run.server().name(),
                        run.server().version(),
                        run.jdk().feature(),
                        run.database(),
                        run.address(),
                        result.steps(),
                        result.failed().isEmpty() ? "none" : String.join(", ", result.failed()));
    }
}
