package dev.grantbook.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpIsNoMistake() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("java -jar grantbook.jar");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aCommandThatThereIsNotEndsWithTwo() {
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).startsWith("There is no command chekc.").contains("--help");
    }

    private int run(String command) {
        return Main.run(command, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
