package dev.grantbook.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpIsNoMistake() throws Exception {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("java -jar grantbook.jar");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aCommandThatThereIsNotEndsWithTwo() throws Exception {
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).startsWith("There is no command chekc.").contains("--help");
    }

    @Test
    void anOptionThatThereIsNotEndsWithTwo() throws Exception {
        assertThat(run("check", "--connector", "x.yaml")).isEqualTo(2);
        assertThat(run("check", "--connectors")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("check does not know --connector,");
    }

    private int run(String... command) throws Exception {
        return Main.run(List.of(command), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
