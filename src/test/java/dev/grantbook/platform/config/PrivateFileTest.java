package dev.grantbook.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyItsOwnerCanReadIt() throws IOException {
        Path file = folder.resolve("new/folder/key");

        PrivateFile.write(file, "swordfish");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PrivateFile.read(file)).isEqualTo("swordfish");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatEverybodyCouldReadIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "old and much longer");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.writeString(folder.resolve("key.new"), "left behind by a crash");

        PrivateFile.write(file, "new");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PrivateFile.read(file)).isEqualTo("new");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @DisplayName(
            "4.12 A directory is closed to others, whether it is new or not, and so is each that was missing above it")
    void aDirectoryIsClosedToOthers() throws IOException {
        Path old = Files.createDirectory(folder.resolve("old"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));

        PrivateFile.directory(old);
        PrivateFile.directory(folder.resolve("new/data"));
        PrivateFile.write(folder.resolve("other/key"), "swordfish");

        assertThat(List.of("old", "new", "new/data", "other"))
                .allSatisfy(name -> assertThat(mode(folder.resolve(name))).isEqualTo("rwx------"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void theLineBreakOfAnEditorIsNoPartOfASecret() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "swordfish\r\n");

        assertThat(PrivateFile.read(file)).isEqualTo("swordfish");
    }

    @Test
    void saysWhichFileCannotBeReadOrWritten() throws IOException {
        Path absent = folder.resolve("absent");
        Path below = Files.writeString(folder.resolve("file"), "").resolve("key");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> PrivateFile.read(absent))
                .withMessageStartingWith(absent + " cannot be read");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> PrivateFile.write(below, "swordfish"))
                .withMessageStartingWith(below + " cannot be written")
                .withMessageNotContaining("swordfish");
    }
}
