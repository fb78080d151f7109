package dev.grantbook.subject;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.platform.persistence.PersonalData.Person;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Exports and erases the data of one subject in all rooms, each in one transaction. */
@ApplicationScoped
@Transactional
public class Erasures {

    @PersistenceContext
    EntityManager entities;

    @Inject
    @Any
    Instance<PersonalData> rooms;

    @Inject
    Clock clock;

    /** Whether there has ever been a connector with this id. */
    boolean knows(ConnectorId connector) {
        return connectors().contains(connector);
    }

    private List<ConnectorId> connectors() {
        return entities.createQuery("SELECT c.id FROM ConnectorRecord c", String.class)
                .getResultStream()
                .map(ConnectorId::new)
                .toList();
    }

    /** @param connectors ids; empty for all that there have ever been */
    Person person(Set<ConnectorId> connectors, Subject subject) {
        List<ConnectorId> known = connectors().stream()
                .filter(id -> connectors.isEmpty() || connectors.contains(id))
                .toList();
        List<GrantId> grants = known.isEmpty()
                ? List.of()
                : entities.createQuery(
                                "SELECT g.id FROM Grant g WHERE g.subject = :subject AND g.connector IN :connectors",
                                String.class)
                        .setParameter("subject", subject.value())
                        .setParameter("connectors", TypedId.values(known))
                        .getResultStream()
                        .map(GrantId::new)
                        .toList();
        return new Person(known, subject, grants);
    }

    void tell(Person person, JsonObjectBuilder all) {
        if (!person.connectors().isEmpty()) {
            rooms.forEach(room -> room.tell(person, all));
        }
    }

    /** By name, so that counts do not depend on the container: messages of a grant are erased with it, for one. */
    private List<PersonalData> order() {
        return rooms.stream()
                .sorted(Comparator.comparing(room -> room.getClass().getSimpleName()))
                .toList();
    }

    /** Null when there was nothing to erase. */
    @Nullable
    Erasure erase(Set<ConnectorId> connectors, Subject subject, String actor) {
        int rows = 0;
        int before;
        do {
            before = rows;
            // Again: an attempt may end while its row is locked, and leave a grant. Later rounds find no attempt.
            Person person = person(connectors, subject);
            if (!person.connectors().isEmpty()) {
                for (PersonalData room : order()) {
                    rows += room.erase(person);
                }
            }
        } while (rows > before);
        if (rows == 0) {
            return null;
        }
        var done = new Erasure(UUID.randomUUID().toString(), clock.instant(), actor, rows);
        entities.persist(done);
        return done;
    }
}
