package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bots that are registered with the emulated providers: every connector whose endpoints are here. All share one
 * client secret, which the first start writes to a file that a connectors file can refer to.
 */
@ApplicationScoped
public class SandboxClients {

    /** Path of the dialects; the id of one follows. */
    public static final String HOME = "/sandbox/at/";

    @Inject
    Settings settings;

    @Inject
    Connectors connectors;

    @Inject
    SecureRandom random;

    void register(@Observes @Priority(StartOrder.SANDBOX) Startup event) {
        if (settings.sandbox().enabled() && !Files.exists(secretFile())) {
            PrivateFile.write(secretFile(), Secret.random(random).value());
        }
    }

    /**
     * Finds the bot that has this client id at an emulated provider, by its authorization endpoint or issuer.
     *
     * @param dialect the emulated provider's id
     */
    public Optional<Connector> at(String dialect, String clientId) {
        String home = home(dialect);
        return connectors.all().stream()
                .filter(Connector::enabled)
                .filter(connector ->
                        isBelow(home, connector.provider().endpoints().authorization())
                                || isBelow(home, connector.provider().issuer()))
                .filter(connector -> connector.clientId().equals(clientId))
                .findFirst();
    }

    /** The address that an emulated provider's paths begin with, without a slash at its end. */
    public String home(String dialect) {
        return settings.publicUrl(HOME + dialect).toString();
    }

    private static boolean isBelow(String home, @Nullable Object address) {
        String text = String.valueOf(address);
        return text.equals(home) || text.startsWith(home + "/");
    }

    /** Finds the bot of these credentials; empty when the secret is wrong. */
    public Optional<Connector> authenticate(String dialect, ClientCredentials credentials) {
        return isSecret(credentials.secret()) ? at(dialect, credentials.clientId()) : Optional.empty();
    }

    public URI redirectUri(Connector client) {
        return connectors.redirectUri(client);
    }

    public boolean isSecret(Secret presented) {
        return presented.matches(secret().hash());
    }

    /** Some providers sign with it. */
    public Secret secret() {
        return new Secret(PrivateFile.read(secretFile()));
    }

    private Path secretFile() {
        return settings.data().resolve("sandbox-client-secret");
    }
}
