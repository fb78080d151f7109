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

/** What chat users may demand of whoever keeps data about them: to be told all of it, and to be forgotten. */
@ApplicationScoped
public class Subjects {

    /** How an export is handed out, as {@code Content-Disposition} (RFC 6266). The name says nothing of whose it is. */
    public static final String AS_FILE = "attachment; filename=\"subject.json\"";

    @Inject
    Erasures erasures;

    @Inject
    Disconnection disconnection;

    @Inject
    Clock clock;

    /**
     * Everything that is kept about a subject.
     *
     * @param connectors those that are asked; empty for all
     */
    public JsonObject export(Set<ConnectorId> connectors, Subject subject) {
        var all = Json.createObjectBuilder()
                .add("subject", subject.value())
                .add("exported_at", clock.instant().toString());
        erasures.tell(erasures.person(connectors, subject), all);
        return all.build();
    }

    /**
     * Ends what the subject granted, tells the providers, and forgets everything. When the database fails on the way
     * for longer than a few seconds, grants may have ended and the rest is still there: the same call again does what
     * is left.
     *
     * @param connectors those that are asked; empty for all
     * @param actor who demands it, as histories name it
     * @return that it was done; empty when there was nothing
     */
    public Optional<Erasure> erase(Set<ConnectorId> connectors, Subject subject, String actor) {
        Person person = erasures.person(connectors, subject);
        // Before, and outside the transaction: providers may take their time.
        person.grants().forEach(grant -> disconnection.disconnect(grant, actor));
        // The person may be in an attempt at this moment: whoever comes second in the database begins anew.
        return OptimisticRetry.again(() -> Optional.ofNullable(erasures.erase(connectors, subject, actor)));
    }
}
