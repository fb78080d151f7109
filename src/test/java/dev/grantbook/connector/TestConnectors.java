package dev.grantbook.connector;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.id.ConnectorId;
import jakarta.json.Json;
import java.io.StringReader;
import java.util.Optional;

/** Connectors by example. */
public final class TestConnectors {

    /** A bot on Mixin: one feature it cannot do without, one that is nice to have. */
    public static final String LEDGER_BOT = """
            {"provider": "mixin", "client-id": "bot-1", "client-secret": "env:X", "default-scopes": ["PHONE:READ"],
             "features": {
               "portfolio": {"name": "Portfolio", "reason": "To add it up.",
                             "required": ["ASSETS:READ", "SNAPSHOTS:READ"], "optional": ["COLLECTIBLES:READ"]},
               "contacts": {"name": "Pay a friend", "reason": "To pick a friend.", "essential": false,
                            "required": ["CONTACTS:READ"], "optional": ["ASSETS:READ"]}}}""";

    /** The same at a server that can be told of ends. */
    public static final String REVOCABLE_LEDGER_BOT =
            LEDGER_BOT.replaceFirst("\\{", "{\"endpoints\": {\"revocation\": \"https://p.example/revoke\"}, ");

    private TestConnectors() {}

    /** None is known: what providers could be asked for is left aside. */
    public static Connectors none() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.empty();
            }
        };
    }

    public static Connector ledgerBot(Provider mixin) {
        return of(LEDGER_BOT, mixin);
    }

    /** From a definition in JSON. */
    public static Connector of(String definition, Provider provider) {
        return of("ledger-bot", definition, provider);
    }

    public static Connector of(String id, String definition, Provider provider) {
        try (var reader = Json.createReader(new StringReader(definition))) {
            return Connector.from(new ConnectorId(id), true, reader.readObject(), provider);
        }
    }
}
