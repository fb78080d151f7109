package dev.grantbook.authorization;

import dev.grantbook.grant.GrantJson;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Links made for a person, and the person's trips to providers. */
@ApplicationScoped
@Transactional
public class AttemptData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Invitations invitations;

    @Inject
    Clock clock;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        var links = Json.createArrayBuilder();
        of(person, Invitation.class, LockModeType.NONE).forEach(one -> links.add(describe(one)));
        var attempts = Json.createArrayBuilder();
        of(person, Attempt.class, LockModeType.NONE).forEach(one -> attempts.add(describe(one)));
        all.add("invitations", links).add("attempts", attempts);
    }

    @Override
    public int erase(Person person) {
        // Locked in the order in which trips lock them.
        List<Invitation> links = of(person, Invitation.class, LockModeType.PESSIMISTIC_WRITE);
        List<Attempt> attempts = of(person, Attempt.class, LockModeType.PESSIMISTIC_WRITE);
        // A trip refers to its link.
        attempts.forEach(entities::remove);
        entities.flush();
        links.forEach(entities::remove);
        entities.flush();
        return attempts.size() + links.size();
    }

    /** A trip after a public start knows its person by what came of it only. */
    private <T> List<T> of(Person person, Class<T> type, LockModeType lock) {
        String came = person.grants().isEmpty() ? "" : " OR one.grantId IN :grants";
        TypedQuery<T> query = entities.createQuery(
                        "SELECT one FROM " + type.getSimpleName() + " one WHERE one.connector IN :connectors"
                                + " AND (one.subject = :subject" + came + ") ORDER BY one.createdAt",
                        type)
                .setParameter("connectors", person.connectors())
                .setParameter("subject", person.subject())
                .setLockMode(lock);
        if (!person.grants().isEmpty()) {
            query.setParameter("grants", Set.copyOf(person.grants()));
        }
        return query.getResultList();
    }

    private JsonObject describe(Invitation invitation) {
        var json = Json.createObjectBuilder()
                .add("id", invitation.id())
                .add("connector", invitation.connector())
                .add("status", invitation.status(clock.instant()).wire())
                .add("features", Json.createArrayBuilder(invitation.features()))
                .add("scopes", GrantJson.scopes(invitation.scopes()))
                .add("created_at", invitation.createdAt().toString())
                .add("expires_at", invitation.expiresAt().toString());
        text(json, "account", invitation.accountId());
        text(json, "return_to", invitation.returnTo());
        text(json, "locale", language(invitation.locale()));
        text(json, "grant", invitation.grantId());
        text(json, "trace", invitation.trace());
        invitations.context(invitation).ifPresent(context -> json.add("context", context));
        return json.build();
    }

    private static JsonObject describe(Attempt attempt) {
        var json = Json.createObjectBuilder()
                .add("id", attempt.id())
                .add("connector", attempt.connector())
                .add("status", attempt.status().name().toLowerCase(Locale.ROOT))
                .add("features", Json.createArrayBuilder(attempt.features()))
                .add("scopes", GrantJson.scopes(attempt.scopes()))
                .add("asked", GrantJson.scopes(attempt.asked()))
                .add("expires_at", attempt.expiresAt().toString());
        GrantJson.time(json, "finished_at", attempt.finishedAt());
        text(json, "invitation", attempt.invitation());
        text(json, "account", attempt.accountId());
        text(json, "return_to", attempt.returnTo());
        text(json, "locale", language(attempt.locale()));
        text(json, "grant", attempt.grantId());
        text(json, "trace", attempt.trace());
        var sealed = Json.createArrayBuilder();
        if (attempt.verifier() != null) {
            sealed.add("code_verifier");
        }
        return json.add("sealed", sealed).build();
    }

    private static @Nullable String language(@Nullable Locale locale) {
        return locale == null ? null : locale.toLanguageTag();
    }

    private static void text(JsonObjectBuilder json, String name, @Nullable String text) {
        if (text != null) {
            json.add(name, text);
        }
    }
}
