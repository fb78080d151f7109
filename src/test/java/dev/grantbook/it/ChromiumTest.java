package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice only; nothing is installed, for that would take minutes and a network. */
class ChromiumTest {

    @TempDir
    private Path first;

    @TempDir
    private Path second;

    @Test
    void browserOnThePathIsUsed() throws IOException {
        Path chrome = program(second, "google-chrome");

        assertThat(new Chromium(null, List.of(first, second), true).installed()).contains(chrome);
    }

    @Test
    void chromiumIsPreferredToChromeWhereverItIs() throws IOException {
        program(first, "google-chrome");
        Path chromium = program(second, "chromium");

        assertThat(new Chromium(null, List.of(first, second), true).installed()).contains(chromium);
    }

    @Test
    void namedBrowserBeatsThePath() throws IOException {
        program(first, "chromium");
        Path mine = program(second, "my-browser");

        assertThat(new Chromium(mine.toString(), List.of(first), true).installed())
                .contains(mine);
    }

    @Test
    void namedBrowserThatCannotRunIsAnError() throws IOException {
        program(first, "chromium");
        Path text = Files.createFile(second.resolve("chromium"));

        assertThatIllegalStateException()
                .isThrownBy(() -> new Chromium(text.toString(), List.of(first), true).installed())
                .withMessageContaining(text.toString());
    }

    @Test
    void fileThatIsNoProgramIsPassedOver() throws IOException {
        Files.createFile(first.resolve("chromium"));

        assertThat(new Chromium(null, List.of(first), true).installed()).isEmpty();
    }

    @Test
    void onlyRootInstallsPackages() throws IOException {
        Path aptGet = program(first, "apt-get");

        assertThat(new Chromium(null, List.of(first), true).aptGet()).contains(aptGet);
        assertThat(new Chromium(null, List.of(first), false).aptGet()).isEmpty();
        assertThat(new Chromium(null, List.of(second), true).aptGet()).isEmpty();
    }

    private static Path program(Path folder, String name) throws IOException {
        Path file = Files.createFile(folder.resolve(name));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
