package dev.grantbook.delivery;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Exports and erases messages about a chat user. */
@ApplicationScoped
@Transactional
public class DeliveryData implements PersonalData {

    private static final String OF_PERSON =
            " FROM Delivery d WHERE d.connector IN :connectors AND d.subject = :subject";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        List<Delivery> deliveries = entities.createQuery(
                        "SELECT d" + OF_PERSON + " ORDER BY d.createdAt", Delivery.class)
                .setParameter("connectors", TypedId.values(person.connectors()))
                .setParameter("subject", person.subject().value())
                .getResultList();
        all.add(
                "deliveries",
                RecordJson.array(deliveries.stream().map(KeptDelivery::of).toList()));
    }

    private record KeptDelivery(
            String id,
            String type,
            ConnectorId connector,
            Delivery.DeliveryState state,
            Instant createdAt,
            String body) {

        static KeptDelivery of(Delivery one) {
            return new KeptDelivery(one.id(), one.type(), one.connector(), one.state(), one.createdAt(), one.body());
        }
    }

    /** Leaves messages that a node may be sending to the grant's erasure, whose last message must not overtake them. */
    @Override
    public int erase(Person person) {
        return entities.createQuery("DELETE" + OF_PERSON + " AND NOT (d.tries > 0 AND d.dueAt > :now"
                        + " AND EXISTS (SELECT g.id FROM Grant g WHERE g.id = d.line))")
                .setParameter("connectors", TypedId.values(person.connectors()))
                .setParameter("subject", person.subject().value())
                .setParameter("now", clock.instant())
                .executeUpdate();
    }
}
