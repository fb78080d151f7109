package dev.grantbook.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.KmsClients;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings.KeysetSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keyset from the configuration, which only its operator changes, or from a file, which is ours if it is
 * writable. Either can be sealed with a key of a key management service.
 */
final class KeysetSource {

    private final KeysetSettings settings;

    KeysetSource(KeysetSettings settings) {
        this.settings = settings;
    }

    /** Whether we may change it: writing replaces a file in its directory, which a mounted secret does not allow. */
    boolean isOurs() {
        return settings.text().isEmpty()
                && Files.isWritable(settings.file().toAbsolutePath().resolveSibling("."));
    }

    /** The stored text; empty when there is no file yet. */
    Optional<String> text() {
        Optional<String> configured = settings.text();
        if (configured.isPresent()) {
            return configured;
        }
        Path file = settings.file();
        return Files.exists(file) ? Optional.of(PrivateFile.read(file)) : Optional.empty();
    }

    Keyset parse(String text) {
        return Keyset.parse(text, master());
    }

    void write(Keyset keyset) {
        try {
            PrivateFile.write(settings.file(), keyset.text(master()));
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("grantbook.keyset.kms-uri: the key there does not seal the keyset", e);
        }
    }

    private @Nullable Aead master() {
        Optional<String> uri = settings.kmsUri();
        if (uri.isEmpty()) {
            return null;
        }
        try {
            return client(uri.get()).getAead(uri.get());
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("grantbook.keyset.kms-uri: " + uri.get() + " cannot be used", e);
        }
    }

    /** Finds a registered client, or one that a library beside ours offers, with the server's own credentials. */
    private static KmsClient client(String uri) throws GeneralSecurityException {
        try {
            return KmsClients.get(uri);
        } catch (GeneralSecurityException nobodyRegisteredOne) {
            for (KmsClient offered : ServiceLoader.load(KmsClient.class, KeysetSource.class.getClassLoader())) {
                if (offered.doesSupport(uri)) {
                    return offered.withDefaultCredentials();
                }
            }
            throw new ConfigurationException("grantbook.keyset.kms-uri: no library here knows " + uri
                    + "; put Tink's client of that service beside Grantbook's own libraries");
        }
    }
}
