package dev.grantbook.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What the integration tests declare, with the addresses of this run filled in. */
final class Connectors {

    /** Nobody listens there. */
    static final String DEAD = "http://127.0.0.1:1";

    /** What Telegram's login widget signs with. */
    static final String TELEGRAM_BOT_TOKEN = "424242:the-token-of-a-bot-in-tests";

    /** Of the connector {@code messenger-app}. */
    static final String APP_SECRET = "the Facebook app's own secret";

    private Connectors() {}

    /** Changes what a configuration declares. */
    static void declare(Map<String, String> configuration, String before, String after) throws IOException {
        Path file = Path.of(Objects.requireNonNull(configuration.get("grantbook.connectors.file")));
        String declared = Files.readString(file);
        if (!declared.contains(before)) {
            throw new IllegalArgumentException("nothing declares " + before);
        }
        Files.writeString(file, declared.replace(before, after));
    }

    /** A configuration with a data directory of its own, and {@code it-connectors.yaml}. */
    static Map<String, String> configuration(String mock, boolean sandbox) throws IOException {
        return configuration("/it-connectors.yaml", mock, sandbox);
    }

    /**
     * A configuration with a data directory and a connectors file of its own.
     *
     * @param resource the connectors file among the tests' resources
     * @param mock the address of a standard OAuth server, without a slash at its end
     */
    static Map<String, String> configuration(String resource, String mock, boolean sandbox) throws IOException {
        Path data = Files.createTempDirectory("grantbook-it");
        Path file = data.resolve("connectors.yaml");
        try (var declared = Objects.requireNonNull(Connectors.class.getResourceAsStream(resource))) {
            String text = new String(declared.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("MOCK", mock)
                    .replace("DEAD", DEAD);
            // Only the sandbox writes its secret down.
            Files.writeString(
                    file,
                    sandbox ? text : text.replace("file:${data}/sandbox-client-secret", "env:it.standard-secret"));
        }
        return new HashMap<>(Map.of(
                "it.deliveries-secret",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "grantbook.public-url",
                Deployments.base(),
                "grantbook.data",
                data.toString(),
                "grantbook.sandbox.enabled",
                String.valueOf(sandbox),
                "grantbook.connectors.file",
                file.toString(),
                "it.wrong-secret",
                "not the sandbox's secret",
                "it.standard-secret",
                "standard: secret & more",
                "it.app-secret",
                APP_SECRET,
                "it.telegram-bot-token",
                TELEGRAM_BOT_TOKEN));
    }
}
