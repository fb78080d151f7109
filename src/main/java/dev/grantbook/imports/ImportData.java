package dev.grantbook.imports;

import dev.grantbook.grant.GrantJson;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What bots brought along for a person. */
@ApplicationScoped
@Transactional
public class ImportData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        var imports = Json.createArrayBuilder();
        of(person).forEach(item -> imports.add(describe(item)));
        all.add("imports", imports);
    }

    @Override
    public int erase(Person person) {
        List<ImportItem> items = of(person);
        items.forEach(entities::remove);
        entities.flush();
        return items.size();
    }

    /** Drops tokens and outcomes that say whose account they are of. */
    public void forget(Collection<String> connectors, String accountId) {
        if (!connectors.isEmpty()) {
            entities.createQuery("DELETE FROM ImportItem i WHERE i.connector IN :connectors"
                            + " AND (i.accountId = :account OR i.subject = :account)")
                    .setParameter("connectors", connectors)
                    .setParameter("account", accountId)
                    .executeUpdate();
        }
    }

    private List<ImportItem> of(Person person) {
        return entities.createQuery(
                        "SELECT i FROM ImportItem i WHERE i.connector IN :connectors AND i.subject = :subject"
                                + " ORDER BY i.createdAt, i.number",
                        ImportItem.class)
                .setParameter("connectors", person.connectors())
                .setParameter("subject", person.subject())
                .getResultList();
    }

    private static JsonObject describe(ImportItem item) {
        var json = Json.createObjectBuilder()
                .add("import", item.importId())
                .add("connector", item.connector())
                .add("provider", item.provider())
                .add("state", item.state().name().toLowerCase(Locale.ROOT))
                .add("scopes", GrantJson.scopes(item.scopes()))
                .add("created_at", item.createdAt().toString());
        if (item.accountId() != null) {
            json.add("account", item.accountId());
        }
        if (item.grantId() != null) {
            json.add("grant", item.grantId());
        }
        if (item.trouble() != null) {
            json.add("error", item.trouble().wire());
        }
        GrantJson.time(json, "expires_at", item.expiresAt());
        var sealed = Json.createArrayBuilder();
        if (item.accessToken() != null) {
            sealed.add("access_token");
        }
        if (item.refreshToken() != null) {
            sealed.add("refresh_token");
        }
        return json.add("sealed", sealed).build();
    }
}
