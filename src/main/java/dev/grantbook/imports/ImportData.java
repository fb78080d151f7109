package dev.grantbook.imports;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.RecordJson.Name;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exports and erases the imported items of a person. */
@ApplicationScoped
@Transactional
public class ImportData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        all.add(
                "imports",
                RecordJson.array(of(person).stream().map(ImportData::describe).toList()));
    }

    @Override
    public int erase(Person person) {
        List<ImportItem> items = of(person);
        items.forEach(entities::remove);
        entities.flush();
        return items.size();
    }

    /** Deletes the items that name an account. */
    public void forget(Collection<ConnectorId> connectors, String accountId) {
        if (!connectors.isEmpty()) {
            entities.createQuery("DELETE FROM ImportItem i WHERE i.connector IN :connectors"
                            + " AND (i.accountId = :account OR i.subject = :account)")
                    .setParameter("connectors", TypedId.values(connectors))
                    .setParameter("account", accountId)
                    .executeUpdate();
        }
    }

    private List<ImportItem> of(Person person) {
        return entities.createQuery(
                        "SELECT i FROM ImportItem i WHERE i.connector IN :connectors AND i.subject = :subject"
                                + " ORDER BY i.createdAt, i.number",
                        ImportItem.class)
                .setParameter("connectors", TypedId.values(person.connectors()))
                .setParameter("subject", person.subject().value())
                .getResultList();
    }

    private static KeptImport describe(ImportItem item) {
        List<String> sealed = new ArrayList<>();
        if (item.accessToken() != null) {
            sealed.add("access_token");
        }
        if (item.refreshToken() != null) {
            sealed.add("refresh_token");
        }
        return new KeptImport(
                item.importId(),
                item.connector(),
                item.provider(),
                item.state(),
                item.scopes(),
                item.createdAt(),
                item.accountId(),
                item.grantId(),
                item.trouble(),
                item.expiresAt(),
                sealed);
    }

    private record KeptImport(
            @Name("import") String importId,
            ConnectorId connector,
            String provider,
            ImportItem.ImportItemState state,
            Scopes scopes,
            Instant createdAt,
            @Nullable String account,
            @Nullable GrantId grant,
            ImportItem.@Nullable Trouble error,
            @Nullable Instant expiresAt,
            List<String> sealed) {}
}
