package dev.grantbook.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.grantbook.platform.ConfigurationException;
import dev.grantbook.platform.PrivateFile;
import dev.grantbook.platform.Settings;
import dev.grantbook.platform.StartOrder;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM under a Tink keyset. The keyset comes from the configuration, or from a file that the
 * first start generates. A value sealed in the database proves at each start that keyset and database belong together:
 * with the wrong keyset every token would be lost one by one, silently.
 */
@ApplicationScoped
public class Vault {

    private static final String CHECK_PLACE = "vault_check";
    private static final Configuration CONFIGURATION = AeadConfig2026.get();

    @Inject
    Settings settings;

    @Resource(lookup = "java:app/jdbc/grantbook")
    @SuppressWarnings("NullAway.Init") // the server injects it
    DataSource dataSource;

    private @Nullable Aead aead;

    void start(@Observes @Priority(StartOrder.VAULT) Startup event) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Optional<String> check = readCheck(connection);
            aead = aead(keyset(check.isEmpty()));
            if (check.isPresent()) {
                verify(check.get());
            } else {
                writeCheck(connection);
            }
        }
    }

    /**
     * @param place where the sealed value will live: table, row and column
     */
    public Sealed seal(String plaintext, String place) {
        try {
            byte[] sealed = opened().encrypt(
                            plaintext.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            return new Sealed(Base64.getEncoder().encodeToString(sealed));
        } catch (GeneralSecurityException e) {
            throw new VaultException("cannot seal for " + place, e);
        }
    }

    /** @throws VaultException when the value was not sealed by this keyset for this place */
    public String open(Sealed sealed, String place) {
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed.text());
            return new String(opened().decrypt(bytes, place.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new VaultException("cannot open what is sealed at " + place, e);
        }
    }

    /** A vault on its own, with the given keyset in Tink's JSON. */
    static Vault of(String keyset) {
        var vault = new Vault();
        vault.aead = aead(keyset);
        return vault;
    }

    static String newKeyset() {
        try {
            var handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, CONFIGURATION);
            return TinkJsonProtoKeysetFormat.serializeKeyset(handle, CONFIGURATION, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of Tink", e);
        }
    }

    private Aead opened() {
        if (aead == null) {
            throw new IllegalStateException("the vault is asked before the application has started");
        }
        return aead;
    }

    private String keyset(boolean firstStart) {
        Optional<String> configured = settings.keyset();
        if (configured.isPresent()) {
            return configured.get();
        }
        Path file = settings.keysetFile();
        if (!Files.exists(file)) {
            if (!firstStart) {
                throw new ConfigurationException(
                        "grantbook.keyset.file: " + file + " is missing, but the database holds"
                                + " values sealed with it. Put the keyset of this database back; a new one could not open them.");
            }
            PrivateFile.write(file, newKeyset());
        }
        return PrivateFile.read(file);
    }

    private static Aead aead(String keyset) {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(keyset, CONFIGURATION, InsecureSecretKeyAccess.get())
                    .getPrimitive(CONFIGURATION, Aead.class);
        } catch (GeneralSecurityException e) {
            // Tink's message may quote the text it could not read.
            throw new ConfigurationException("the keyset is not a Tink AEAD keyset in JSON ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private void verify(String check) {
        try {
            open(new Sealed(check), CHECK_PLACE);
        } catch (VaultException e) {
            throw new ConfigurationException(
                    "the keyset does not belong to this database: what was sealed there cannot be opened", e);
        }
    }

    private static Optional<String> readCheck(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT sealed FROM vault_check WHERE id = 1");
                var rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    private void writeCheck(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO vault_check (id, sealed) VALUES (1, ?)")) {
            statement.setString(1, seal("grantbook", CHECK_PLACE).text());
            statement.executeUpdate();
        }
    }
}
