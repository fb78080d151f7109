package dev.grantbook.subject;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.platform.persistence.PersonalData.Person;
import dev.grantbook.revocation.Disconnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** Answers demands of chat users: export and erasure of all data about them. */
@ApplicationScoped
public class Subjects {

    /** {@code Content-Disposition} of an export (RFC 6266), without the subject. */
    public static final String AS_FILE = "attachment; filename=\"subject.json\"";

    @Inject
    Erasures erasures;

    @Inject
    Disconnection disconnection;

    @Inject
    Clock clock;

    /** @param connectors ids; empty for all */
    public JsonObject export(Set<ConnectorId> connectors, Subject subject) {
        var all = Json.createObjectBuilder()
                .add("subject", subject.value())
                .add("exported_at", clock.instant().toString());
        erasures.tell(erasures.person(connectors, subject), all);
        return all.build();
    }

    /**
     * Ends the subject's grants, revokes their tokens, and erases everything. When the database fails for more than a
     * few seconds meanwhile, grants may have ended and the rest is still there; a repeated call erases it.
     *
     * @param connectors ids; empty for all
     * @param actor as in histories
     * @return empty when there was nothing to erase
     */
    public Optional<Erasure> erase(Set<ConnectorId> connectors, Subject subject, String actor) {
        Person person = erasures.person(connectors, subject);
        // Outside the transaction: providers may be slow.
        person.grants().forEach(grant -> disconnection.disconnect(grant, actor));
        // A running attempt of the subject may conflict.
        return OptimisticRetry.again(() -> Optional.ofNullable(erasures.erase(connectors, subject, actor)));
    }
}
