package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredDataSourceTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @DisplayName(
            "4.12 H2's file and its directory are the owner's alone, from the first start on and after an older one")
    void onlyTheOwnerCanReadTheDatabase() throws IOException, SQLException {
        Path data = folder.resolve("data");
        configuration.with("grantbook.data", data.toString());

        write("CREATE TABLE note (text VARCHAR(20)); INSERT INTO note VALUES ('secret')");

        Path file = data.resolve("grantbook.mv.db");
        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("rw-------");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Path trace = Files.writeString(data.resolve("grantbook.trace.db"), "");
        Files.setPosixFilePermissions(trace, PosixFilePermissions.fromString("rw-rw-r--"));

        write("INSERT INTO note VALUES ('is there still')");

        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(trace)).isEqualTo("rw-------");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @DisplayName("4.12 A directory that is not Grantbook's own stays as it is; the database in it is the owner's alone")
    void aDirectoryOfOthersStaysAsItIs() throws IOException, SQLException {
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.setPosixFilePermissions(others, PosixFilePermissions.fromString("rwxr-xr-x"));
        configuration.with("grantbook.database.url", "jdbc:h2:" + others.resolve("bot") + ";LOCK_TIMEOUT=1000");

        write("CREATE TABLE note (text VARCHAR(20))");

        assertThat(mode(others)).isEqualTo("rwxr-xr-x");
        assertThat(mode(others.resolve("bot.mv.db"))).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:mem:x", "jdbc:h2:tcp://db.example/~/x"})
    void whatIsInNoFileOfThisMachineMakesNone(String url) {
        configuration.with("grantbook.database.url", url).with("grantbook.data", folder.toString());

        ConfiguredDataSource.open(configuration.settings());

        assertThat(folder).isEmptyDirectory();
    }

    private void write(String statement) throws SQLException {
        try (var connection =
                        ConfiguredDataSource.open(configuration.settings()).getConnection();
                var one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
