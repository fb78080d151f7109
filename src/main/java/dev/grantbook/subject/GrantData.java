package dev.grantbook.subject;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantEvent;
import dev.grantbook.grant.GrantJson;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;

/** What a person granted, with its history and what came with it. */
@ApplicationScoped
@Transactional
public class GrantData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    SecondaryTokens holdings;

    @Inject
    Clock clock;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        var granted = Json.createArrayBuilder();
        for (Grant grant : of(person)) {
            granted.add(describe(grant));
        }
        all.add("grants", granted);
    }

    @Override
    public int erase(Person person) {
        List<Grant> known = of(person);
        known.forEach(grants::forget);
        entities.flush();
        return known.size();
    }

    private List<Grant> of(Person person) {
        if (person.grants().isEmpty()) {
            return List.of();
        }
        return entities.createQuery("SELECT g FROM Grant g WHERE g.id IN :grants ORDER BY g.createdAt", Grant.class)
                .setParameter("grants", person.grants())
                .getResultList();
    }

    private JsonObject describe(Grant grant) {
        var json = GrantJson.grant(grant, clock.instant())
                .add("installation", grant.installationId())
                .add("token_type", grant.tokenType());
        if (grant.installationName() != null) {
            json.add("installation_name", grant.installationName());
        }
        GrantJson.time(json, "used_at", grant.usedAt());
        var sealed = Json.createArrayBuilder();
        if (grant.accessToken() != null) {
            sealed.add(grant.isSigning() ? "signing_key" : "access_token");
        }
        if (grant.refreshToken() != null) {
            sealed.add("refresh_token");
        }
        return json.add("sealed", sealed)
                .add("holdings", holdings(grant))
                .add("history", GrantJson.history(history(grant)))
                .build();
    }

    private JsonArray holdings(Grant grant) {
        var array = Json.createArrayBuilder();
        for (SecondaryToken holding : holdings.of(grant.id())) {
            var json = Json.createObjectBuilder()
                    .add("kind", holding.kind())
                    .add("id", holding.externalId())
                    .add("updated_at", holding.updatedAt().toString())
                    .add("sealed", Json.createArrayBuilder().add("access_token"));
            if (holding.name() != null) {
                json.add("name", holding.name());
            }
            array.add(json);
        }
        return array.build();
    }

    /** All of it, where lists show the latest lines only. */
    private List<GrantEvent> history(Grant grant) {
        return entities.createQuery(
                        "SELECT e FROM GrantEvent e WHERE e.grantId = :grant ORDER BY e.at DESC, e.id",
                        GrantEvent.class)
                .setParameter("grant", grant.id())
                .getResultList();
    }
}
