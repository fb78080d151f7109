package dev.grantbook.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A program beside the server that the test talks to through its input and output; closing it ends it. */
final class Program implements AutoCloseable {

    private static final int MINUTES_TO_ANSWER = 5;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Program(Process process) {
        this.process = process;
        this.output = process.inputReader();
        this.input = process.outputWriter();
    }

    static Program start(List<String> command, Path folder, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Program(builder.start());
    }

    /** Runs to the end, which must be a good one. */
    static void run(List<String> command, Path folder) throws IOException {
        try (Program program = start(command, folder, Map.of())) {
            String said = answer(
                    command.toString(),
                    CompletableFuture.supplyAsync(() -> program.output.lines().collect(Collectors.joining("\n"))));
            int code = program.process.onExit().thenApply(Process::exitValue).join();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code + ": " + said);
            }
        }
    }

    void say(String line) throws IOException {
        input.write(line + System.lineSeparator());
        input.flush();
    }

    /** The next line that contains a text. */
    String hear(String text) {
        StringBuilder said = new StringBuilder();
        return answer(
                text,
                CompletableFuture.supplyAsync(() -> output.lines()
                        .peek(line -> said.append(line).append('\n'))
                        .filter(line -> line.contains(text))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no \"" + text + "\" in: " + said))));
    }

    private static String answer(String awaited, CompletableFuture<String> pending) {
        try {
            return pending.orTimeout(MINUTES_TO_ANSWER, TimeUnit.MINUTES).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new AssertionError(
                        awaited + " did not come to its end within " + MINUTES_TO_ANSWER + " minutes", e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                .thenAccept(Process::destroyForcibly)
                .join();
    }
}
