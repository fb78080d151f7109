package dev.grantbook.authorization;

import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.testing.Database;
import dev.grantbook.vault.Vault;
import java.time.Clock;

/** Links and trips without a server. */
public final class TestAttempts {

    private TestAttempts() {}

    public static PersonalData data(Database database, Vault vault, Clock clock) {
        var data = new AttemptData();
        data.entities = database.entities();
        data.invitations = new Invitations();
        data.invitations.vault = vault;
        data.clock = clock;
        return data;
    }

    /** As the server has them: each call in a transaction of its own. */
    public static RetentionRule leftovers(Database database, Clock clock) {
        var leftovers = new AttemptRetention() {
            @Override
            public int drop(String connector, RetentionPeriods retention) {
                return database.in(() -> super.drop(connector, retention));
            }
        };
        leftovers.entities = database.entities();
        leftovers.clock = clock;
        return leftovers;
    }
}
