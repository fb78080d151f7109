package dev.grantbook.authorization;

import dev.grantbook.connector.Leftovers;
import dev.grantbook.connector.Retention;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.testing.Database;
import dev.grantbook.vault.Vault;
import java.time.Clock;

/** Links and trips without a server. */
public final class TestTrips {

    private TestTrips() {}

    public static PersonalData data(Database database, Vault vault, Clock clock) {
        var data = new TripData();
        data.entities = database.entities();
        data.invitations = new Invitations();
        data.invitations.vault = vault;
        data.clock = clock;
        return data;
    }

    /** As the server has them: each call in a transaction of its own. */
    public static Leftovers leftovers(Database database, Clock clock) {
        var leftovers = new TripLeftovers() {
            @Override
            public int drop(String connector, Retention retention) {
                return database.in(() -> super.drop(connector, retention));
            }
        };
        leftovers.entities = database.entities();
        leftovers.clock = clock;
        return leftovers;
    }
}
