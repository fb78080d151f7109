package dev.grantbook.platform.jobs;

import dev.grantbook.platform.config.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** All scheduled work, on every node: its pace and its purpose. The rooms start it. */
public enum Job {
    ROW_CHANGES(Duration.ofMillis(100), "hears from PostgreSQL which rows other nodes changed"),

    KEY_ROTATION(Duration.ofSeconds(20), "reads the keyset again, and says which keys this node knows"),
    RESEALING(Duration.ofSeconds(20), "seals anew what an old key sealed"),

    REFRESH(settings -> settings.refresh().round(), "refreshes tokens before they end"),
    GRANT_EXPIRY(settings -> settings.refresh().round(), "ends grants whose lifetime or time to confirm is over"),
    PROBES(settings -> settings.probe().round(), "asks providers whether tokens live"),
    REVOCATIONS(settings -> settings.revocation().round(), "revokes ended tokens at their providers"),

    IMPORTS(
            settings -> settings.imports().round(),
            "asks providers about imported tokens, and makes grants of those that live"),
    IMPORT_RETENTION(Duration.ofHours(1), "deletes old imports"),

    INVITATION_EXPIRY(settings -> settings.deliveries().pause(), "reports links that ended without a grant"),
    DELIVERIES(settings -> settings.deliveries().pause(), "sends messages to bots"),
    DELIVERY_RETENTION(Duration.ofHours(1), "deletes messages that were settled long ago"),

    SESSION_RETENTION(Duration.ofHours(1), "deletes sessions of administrators that ended by themselves"),
    IDEMPOTENCY_RETENTION(Duration.ofHours(1), "deletes answers that were kept for repeated requests"),
    RETENTION(Settings::retentionRound, "deletes what connectors do not want to be kept any longer");

    @SuppressWarnings("ImmutableEnumChecker") // references to methods have no state
    private final Function<Settings, Duration> pace;

    private final String purpose;

    Job(Function<Settings, Duration> pace, String purpose) {
        this.pace = pace;
        this.purpose = purpose;
    }

    Job(Duration pace, String purpose) {
        this(settings -> pace, purpose);
    }

    /** Time from the end of one round to the beginning of the next. */
    public Duration pace(Settings settings) {
        return pace.apply(settings);
    }

    public String purpose() {
        return purpose;
    }

    /** The name in the log. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
