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
 * The bots that are registered with the emulated providers: every connector that sends its users here. All share one
 * client secret, which the first start writes down where a connectors file can refer to it.
 */
@ApplicationScoped
public class SandboxClients {

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
     * The bot that has this id at an emulated provider: its authorization endpoint is there, or the issuer whose
     * endpoints are looked up.
     *
     * @param dialect the emulated provider's part of {@code /sandbox/at/}
     */
    public Optional<Connector> at(String dialect, String clientId) {
        String home = settings.publicUrl(Dialects.HOME + dialect).toString();
        return connectors.all().stream()
                .filter(Connector::enabled)
                .filter(connector ->
                        isBelow(home, connector.provider().endpoints().authorization())
                                || isBelow(home, connector.provider().issuer()))
                .filter(connector -> connector.clientId().equals(clientId))
                .findFirst();
    }

    private static boolean isBelow(String home, @Nullable Object address) {
        String text = String.valueOf(address);
        return text.equals(home) || text.startsWith(home + "/");
    }

    /** The bot that shows the right secret; empty for anybody else. */
    public Optional<Connector> authenticate(String dialect, ClientCredentials credentials) {
        return isSecret(credentials.secret()) ? at(dialect, credentials.clientId()) : Optional.empty();
    }

    /** Where an emulated provider sends the users of this bot back to. */
    public URI redirectUri(Connector client) {
        return connectors.redirectUri(client);
    }

    public boolean isSecret(Secret presented) {
        return presented.matches(secret().hash());
    }

    /** For providers that sign with it. */
    public Secret secret() {
        return new Secret(PrivateFile.read(secretFile()));
    }

    private Path secretFile() {
        return settings.data().resolve("sandbox-client-secret");
    }
}
