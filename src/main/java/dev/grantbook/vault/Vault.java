package dev.grantbook.vault;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM under a Tink keyset, which comes from the configuration or from a file that the first
 * start generates. For each key that has sealed, a check value in the database proves at each start that keyset and
 * database belong together: with the wrong keyset every token would be lost one by one, silently.
 *
 * <p>The keyset can change while the application runs ({@link KeyRotation}): a node reads it again regularly, and
 * whenever a value was sealed by a key that it does not know.
 */
@ApplicationScoped
public class Vault {

    private static final Logger LOG = Logger.getLogger(Vault.class.getName());

    /** Characters; the width of the column. */
    private static final int LONGEST_TROUBLE = 500;

    /**
     * Reads the keyset outside a server; false when there is none yet.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when it cannot be used
     */
    public static boolean isReadable(Settings settings) {
        var source = new KeysetSource(settings.keyset());
        return source.text().map(source::parse).isPresent();
    }

    @Inject
    Settings settings;

    @Resource(lookup = "java:app/jdbc/grantbook")
    DataSource dataSource;

    volatile @Nullable Keyset keyset;

    private volatile @Nullable KeysetSource source;

    /** The text used last, so that the same text is not checked twice. */
    private volatile String read = "";

    private volatile @Nullable String trouble;

    void start(@Observes @Priority(StartOrder.VAULT) Startup event) throws SQLException {
        var configured = new KeysetSource(settings.keyset());
        try (Connection connection = dataSource.getConnection()) {
            if (configured.text().isEmpty()) {
                if (!checks(connection).isEmpty()) {
                    throw new ConfigurationException(
                            "grantbook.keyset.file: " + settings.keyset().file() + " is missing, but the database holds"
                                    + " values sealed with it. Put the keyset of this database back; a new one could not open them.");
                }
                configured.write(Keyset.fresh());
            }
            take(configured, connection);
        }
        source = configured;
    }

    /** @param place where the sealed value will be stored: table, row and column */
    public Sealed seal(String plaintext, String place) {
        try {
            byte[] sealed = keyset().aead()
                    .encrypt(plaintext.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            return new Sealed(Base64.getEncoder().encodeToString(sealed));
        } catch (GeneralSecurityException e) {
            throw new VaultException("cannot seal for " + place, e);
        }
    }

    /** @throws VaultException when the value was not sealed by this keyset for this place */
    public String open(Sealed sealed, String place) {
        Optional<String> key = Keyset.keyOf(sealed.text());
        if (key.isPresent() && !keyset().keys().contains(key.get())) {
            // Another node may have a newer keyset.
            readAgain();
        }
        return open(keyset(), sealed, place);
    }

    private static String open(Keyset keyset, Sealed sealed, String place) {
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed.text());
            return new String(
                    keyset.aead().decrypt(bytes, place.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new VaultException("cannot open what is sealed at " + place, e);
        }
    }

    /** Reads the stored keyset. If it cannot be used, the present one stays, and {@link #trouble} says why. */
    void readAgain() {
        try {
            readNow();
            trouble = null;
        } catch (RuntimeException e) {
            // File systems, databases and key management services throw many types.
            String why = String.valueOf(e.getMessage());
            trouble = why.substring(0, Math.min(LONGEST_TROUBLE, why.length()));
            LOG.log(Level.WARNING, "the keyset cannot be taken as it is kept: {0}", why);
        }
    }

    /** Why the stored keyset could not be used the last time; null when it could. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Reads the stored keyset, for a caller that is about to change it. */
    synchronized void readNow() {
        KeysetSource known = source;
        if (known == null || known.text().filter(read::equals).isPresent()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            take(known, connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say which keys it needs", e);
        }
    }

    private void take(KeysetSource from, Connection connection) throws SQLException {
        String text = from.text()
                .orElseThrow(() -> new ConfigurationException(
                        "grantbook.keyset.file: " + settings.keyset().file() + " is missing"));
        Keyset found = from.parse(text);
        Map<Integer, String> checks = checks(connection);
        checks.forEach((id, check) -> verify(found, id, check));
        int primary = Integer.parseUnsignedInt(found.primary());
        keyset = found;
        if (!checks.containsKey(primary)) {
            writeCheck(connection, primary);
        }
        read = text;
    }

    Keyset keyset() {
        Keyset known = keyset;
        if (known == null) {
            throw new IllegalStateException("the vault is asked before the application has started");
        }
        return known;
    }

    private static void verify(Keyset keyset, int id, String check) {
        try {
            open(keyset, new Sealed(check), checkAssociatedData(id));
        } catch (VaultException e) {
            throw new ConfigurationException(
                    "the keyset does not belong to this database: what was sealed there by the key "
                            + Integer.toUnsignedString(id) + " cannot be opened",
                    e);
        }
    }

    private static String checkAssociatedData(int id) {
        return "vault_check/" + id + "/sealed";
    }

    /** Reads the checks: one for each key that has sealed here and was not dropped, by its number. */
    private static Map<Integer, String> checks(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT id, sealed FROM vault_check");
                var rows = statement.executeQuery()) {
            var checks = new HashMap<Integer, String>();
            while (rows.next()) {
                checks.put(rows.getInt(1), rows.getString(2));
            }
            return checks;
        }
    }

    private void writeCheck(Connection connection, int id) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO vault_check (id, sealed) VALUES (?, ?)")) {
            statement.setInt(1, id);
            statement.setString(2, seal("grantbook", checkAssociatedData(id)).text());
            statement.executeUpdate();
        } catch (SQLException e) {
            // Another node, starting at the same moment, has written it.
            if (!checks(connection).containsKey(id)) {
                throw e;
            }
        }
    }
}
