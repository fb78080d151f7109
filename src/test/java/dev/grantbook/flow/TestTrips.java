package dev.grantbook.flow;

import dev.grantbook.platform.PersonalData;
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
}
