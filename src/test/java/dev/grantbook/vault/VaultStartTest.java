package dev.grantbook.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Keyset and database belong together, and the start proves it. */
@OnDatabases
class VaultStartTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    @Parameter
    Database database;

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.data", data.toString());
        database.clear();
    }

    @Test
    void theFirstStartMakesAKeysetThatOnlyItsOwnerCanRead() throws IOException, SQLException {
        Sealed sealed = started().seal("token", "here");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keyset.json"))))
                .isEqualTo("rw-------");
        assertThat(started().open(sealed, "here")).isEqualTo("token");
    }

    @Test
    void aMissingKeysetStopsTheNextStart() throws IOException, SQLException {
        started();
        Files.delete(data.resolve("keyset.json"));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(this::started)
                .withMessageStartingWith("grantbook.keyset.file: ");
        assertThat(data.resolve("keyset.json")).doesNotExist();
    }

    @Test
    void anotherKeysetStopsTheNextStart() throws GeneralSecurityException, SQLException {
        started();
        configuration.with("grantbook.keyset", Keyset.fresh().text(null));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(this::started)
                .withMessageStartingWith("the keyset does not belong to this database");
    }

    @Test
    void aConfiguredKeysetNeedsNoFile() throws GeneralSecurityException, SQLException {
        configuration.with("grantbook.keyset", Keyset.fresh().text(null));

        assertThat(started().open(started().seal("token", "here"), "here")).isEqualTo("token");
        assertThat(data).isEmptyDirectory();
    }

    private Vault started() throws SQLException {
        var vault = new Vault();
        vault.settings = configuration.settings();
        vault.dataSource = database.dataSource();
        vault.start(new Startup());
        return vault;
    }
}
