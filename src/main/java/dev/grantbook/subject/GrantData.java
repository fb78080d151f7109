package dev.grantbook.subject;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.search.GrantJson.EventJson;
import dev.grantbook.grant.search.GrantJson.SummaryJson;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exports and erases a person's grants, with histories and secondary tokens. */
@ApplicationScoped
@Transactional
public class GrantData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    Clock clock;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        all.add(
                "grants",
                RecordJson.array(of(person).stream().map(this::describe).toList()));
    }

    @Override
    public int erase(Person person) {
        List<Grant> known = of(person);
        known.forEach(ending::forget);
        entities.flush();
        return known.size();
    }

    private List<Grant> of(Person person) {
        if (person.grants().isEmpty()) {
            return List.of();
        }
        return entities.createQuery("SELECT g FROM Grant g WHERE g.id IN :grants ORDER BY g.createdAt", Grant.class)
                .setParameter("grants", TypedId.values(person.grants()))
                .getResultList();
    }

    private KeptGrant describe(Grant grant) {
        List<String> sealed = new ArrayList<>();
        if (grant.tokens().access() != null) {
            sealed.add(grant.isSigning() ? "signing_key" : "access_token");
        }
        if (grant.tokens().refresh() != null) {
            sealed.add("refresh_token");
        }
        return new KeptGrant(
                SummaryJson.of(grant, clock.instant()),
                grant.installationId(),
                grant.tokenType(),
                grant.installationName(),
                grant.usedAt(),
                sealed,
                secondaryTokens.of(grant.id()).stream()
                        .map(KeptSecondaryToken::of)
                        .toList(),
                EventJson.of(history(grant)));
    }

    private record KeptGrant(
            @Unwrapped SummaryJson summary,
            String installation,
            String tokenType,
            @Nullable String installationName,
            @Nullable Instant usedAt,
            List<String> sealed,
            List<KeptSecondaryToken> secondaryTokens,
            List<EventJson> history) {}

    private record KeptSecondaryToken(
            String kind,
            String id,
            Instant updatedAt,
            List<String> sealed,
            @Nullable String name) {

        static KeptSecondaryToken of(SecondaryToken token) {
            return new KeptSecondaryToken(
                    token.kind(), token.externalId(), token.updatedAt(), List.of("access_token"), token.name());
        }
    }

    /** The whole history; {@code GrantHistory} lists the latest lines only. */
    private List<GrantEvent> history(Grant grant) {
        return entities.createQuery(
                        "SELECT e FROM GrantEvent e WHERE e.grantId = :grant ORDER BY e.at DESC, e.id",
                        GrantEvent.class)
                .setParameter("grant", grant.id().value())
                .getResultList();
    }
}
