package dev.grantbook.grant.installation;

import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.persistence.CursorText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Derives installations from active grants, as Xeno and Slack count their apps. */
@ApplicationScoped
@Transactional
public class Installations {

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    public record InstallationCursor(ConnectorId connector, String id) {

        public String cursor() {
            return CursorText.write(connector, id);
        }

        /** Empty for a text that is no cursor. */
        public static Optional<InstallationCursor> parse(String cursor) {
            return CursorText.read(cursor, 2)
                    .flatMap(parts -> TypedId.parse(parts.get(0), ConnectorId::new)
                            .map(connector -> new InstallationCursor(connector, parts.get(1))));
        }
    }

    public record InstallationPage(
            List<Installation> installations, @Nullable InstallationCursor next) {}

    /**
     * Lists installations by connector and id.
     *
     * @param connector null for all
     * @param id null for all
     * @param limit 1 and more
     */
    public InstallationPage page(
            @Nullable ConnectorId connector, @Nullable String id, @Nullable InstallationCursor after, int limit) {
        ending.endOverdue();
        var sql = new StringBuilder("SELECT connector, installation_id, MAX(installation_name), COUNT(*),"
                + " MIN(created_at), MAX(verified_at) FROM user_grant WHERE status = ? AND installation_id <> ''");
        var values = new ArrayList<Object>(List.of(GrantStatus.ACTIVE.name()));
        if (connector != null) {
            sql.append(" AND connector = ?");
            values.add(connector.value());
        }
        if (id != null) {
            sql.append(" AND installation_id = ?");
            values.add(id);
        }
        if (after != null) {
            sql.append(" AND (connector > ? OR (connector = ? AND installation_id > ?))");
            values.addAll(List.of(after.connector().value(), after.connector().value(), after.id()));
        }
        sql.append(" GROUP BY connector, installation_id ORDER BY connector, installation_id");
        // SQL, since EclipseLink hands the result of MIN to a converter in whatever type the driver chose.
        Query query = entities.createNativeQuery(sql.toString()).setMaxResults(limit + 1);
        for (int index = 0; index < values.size(); index++) {
            query.setParameter(index + 1, values.get(index));
        }
        var found = new ArrayList<Installation>();
        for (Object row : query.getResultList()) {
            found.add(of((Object[]) row));
        }
        if (found.size() <= limit) {
            return new InstallationPage(found, null);
        }
        Installation last = found.get(limit - 1);
        return new InstallationPage(found.subList(0, limit), new InstallationCursor(last.connector(), last.id()));
    }

    private static Installation of(Object[] row) {
        return new Installation(
                new ConnectorId((String) row[0]),
                (String) row[1],
                (String) row[2],
                ((Number) row[3]).longValue(),
                Objects.requireNonNull(instant(row[4])),
                instant(row[5]));
    }

    /** Drivers and JPA providers choose the type. */
    private static @Nullable Instant instant(@Nullable Object time) {
        if (time instanceof OffsetDateTime exact) {
            return exact.toInstant();
        }
        return time instanceof Timestamp stamp ? stamp.toInstant() : (Instant) time;
    }
}
