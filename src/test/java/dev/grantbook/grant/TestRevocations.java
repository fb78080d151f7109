package dev.grantbook.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.testing.Database;
import dev.grantbook.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What providers have to be told, without a server. */
final class TestRevocations {

    private TestRevocations() {}

    /** As the server has them: what is done beside a grant's end is in a transaction of its own. No connector is known. */
    static Revocations in(Database database, Grants grants, Vault vault, Clock clock) {
        var revocations = new Revocations() {
            @Override
            public void add(Grant grant, TokenResponse token) {
                database.joined(() -> {
                    super.add(grant, token);
                    return true;
                });
            }

            @Override
            public void outlive(Grant forgotten, TokenResponse token) {
                database.joined(() -> {
                    super.outlive(forgotten, token);
                    return true;
                });
            }

            @Override
            public void add(Grants.Received received) {
                database.run(() -> super.add(received));
            }

            @Override
            boolean isStillUsed(Errand errand) {
                return database.in(() -> super.isStillUsed(errand));
            }

            @Override
            List<String> due() {
                return database.in(super::due);
            }

            @Override
            Optional<Errand> take(String id) {
                return database.in(() -> super.take(id));
            }

            @Override
            Optional<Errand> takeNext(String connector) {
                return database.in(() -> super.takeNext(connector));
            }

            @Override
            void stay(Errand errand) {
                database.run(() -> super.stay(errand));
            }

            @Override
            void replaceToken(Errand errand, TokenResponse token) {
                database.run(() -> super.replaceToken(errand, token));
            }

            @Override
            void settle(Errand errand, Answer answer) {
                database.run(() -> super.settle(errand, answer));
            }
        };
        revocations.entities = database.entities();
        revocations.grants = grants;
        revocations.connectors = new Connectors() {
            @Override
            public Optional<Connector> find(String id) {
                return Optional.empty();
            }
        };
        revocations.vault = vault;
        revocations.settings = Settings.read();
        revocations.random = new SecureRandom();
        revocations.clock = clock;
        return revocations;
    }
}
