package dev.grantbook.invitation;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.Told;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;

/** Invitations without a server. */
public final class TestInvitations {

    private TestInvitations() {}

    /** @param ended observes those that end */
    public static Invitations in(Database database, Settings settings, Clock clock, Consumer<Invitation> ended) {
        var invitations = new Invitations();
        invitations.entities = database.entities();
        invitations.ended = new Told<>(ended);
        invitations.clock = clock;
        invitations.random = new SecureRandom();
        invitations.settings = settings;
        return invitations;
    }
}
