package dev.grantbook.imports;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.imports.ImportItem.ImportItemState;
import dev.grantbook.imports.ImportItem.RequestedItem;
import dev.grantbook.imports.ImportItem.Trouble;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All imports and their items. Each method is one short transaction without a call to a provider. */
@ApplicationScoped
@Transactional
class Imports {

    /** Most calls for one item: probe, refresh, probe, permissions, account, secondary tokens. */
    private static final int CALLS = 6;

    private static final Duration SLACK = Duration.ofSeconds(30);

    /** An item waits for earlier ones of its subject, which may have the same refresh token. */
    private static final WorkQueue<ImportItem> QUEUE = new WorkQueue<>(
            ImportItem.class,
            "import_item",
            "id",
            "provider",
            "w.state = 'WAITING'",
            "NOT EXISTS (SELECT 1 FROM import_item e WHERE e.state = 'WAITING' AND e.connector = w.connector"
                    + " AND e.subject = w.subject"
                    + " AND (e.created_at < w.created_at OR (e.created_at = w.created_at AND e.id < w.id)))");

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    @Inject
    SecureRandom random;

    @Inject
    Clock clock;

    /** @param counts without states that no item has */
    record Progress(Import made, Map<ImportItemState, Long> counts, List<ImportItem> failed) {}

    record ImportedTokens(Secret access, @Nullable Secret refresh) {}

    Import add(List<RequestedItem> items, String actor) {
        Instant now = clock.instant();
        var made = new Import(UUID.randomUUID().toString(), actor, items.size(), now);
        entities.persist(made);
        // Items refer to it by its id alone.
        entities.flush();
        for (int i = 0; i < items.size(); i++) {
            RequestedItem one = items.get(i);
            var item = new ImportItem(UUID.randomUUID().toString(), made.id(), i, one, now);
            hold(item, one.accessToken(), one.refreshToken(), one.expiresAt());
            entities.persist(item);
        }
        return made;
    }

    Optional<Progress> progress(String id) {
        return Optional.ofNullable(entities.find(Import.class, id)).map(made -> {
            var counts = new EnumMap<ImportItemState, Long>(ImportItemState.class);
            entities.createQuery(
                            "SELECT i.state, COUNT(i) FROM ImportItem i WHERE i.importId = :id GROUP BY i.state",
                            Object[].class)
                    .setParameter("id", id)
                    .getResultList()
                    .forEach(line -> counts.put((ImportItemState) line[0], (Long) line[1]));
            List<ImportItem> failed = entities.createQuery(
                            "SELECT i FROM ImportItem i WHERE i.importId = :id AND i.state = :failed ORDER BY i.number",
                            ImportItem.class)
                    .setParameter("id", id)
                    .setParameter("failed", ImportItemState.FAILED)
                    .getResultList();
            return new Progress(made, counts, failed);
        });
    }

    /** Ids of providers with due items. */
    List<String> due() {
        return QUEUE.due(entities, clock.instant());
    }

    /** Claims a due item; concurrent callers get different ones. */
    Optional<ImportItem> take(String provider) {
        return QUEUE.claim(
                entities,
                provider,
                "w.due_at, w.number",
                clock.instant(),
                settings.provider().timeout().multipliedBy(CALLS).plus(SLACK));
    }

    ImportedTokens open(ImportItem item) {
        return new ImportedTokens(
                Objects.requireNonNull(secret(item.accessToken(), item.accessTokenAssociatedData())),
                secret(item.refreshToken(), item.refreshTokenAssociatedData()));
    }

    /** Stores refreshed tokens before they are used: a provider issues a rotated refresh token once. */
    void replace(ImportItem taken, TokenResponse token) {
        QUEUE.lock(entities, taken).ifPresent(item -> {
            Instant end = token.expiresIn() == null ? null : clock.instant().plus(token.expiresIn());
            Secret refresh = token.refreshToken() == null
                    ? secret(item.refreshToken(), item.refreshTokenAssociatedData())
                    : token.refreshToken();
            hold(item, token.accessToken(), refresh, end);
        });
    }

    /** Whether the subject has an active or unconfirmed grant, which an import must not replace. */
    boolean isGranted(ImportItem item) {
        return grants.isLive(item.connector(), item.subject());
    }

    /**
     * Stores the grant and the item's end in one transaction, so that there is one grant however often the item was
     * claimed.
     *
     * @return the settled item; empty when the claim was lost
     */
    Optional<ImportItem> settle(ImportItem taken, ReceivedTokens received) {
        return QUEUE.lockClaimed(entities, taken).map(item -> {
            Import made = entities.find(Import.class, item.importId());
            Optional<Grant> grant = issuing.importGrant(received, made.madeBy());
            grant.ifPresentOrElse(one -> item.recordGrant(one.id()), () -> item.fail(Trouble.ALREADY_GRANTED));
            return item;
        });
    }

    /** @return the settled item; empty when the claim was lost */
    Optional<ImportItem> fail(ImportItem taken, Trouble why) {
        return QUEUE.lockClaimed(entities, taken).map(item -> {
            item.fail(why);
            return item;
        });
    }

    void postpone(ImportItem taken) {
        QUEUE.lockClaimed(entities, taken).ifPresent(item -> item.postpone(random.nextDouble(), clock.instant()));
    }

    /** Deletes old imports that have no waiting item. */
    void sweep() {
        entities.createQuery("DELETE FROM Import i WHERE i.createdAt < :before AND NOT EXISTS"
                        + " (SELECT w.id FROM ImportItem w WHERE w.importId = i.id AND w.state = :waiting)")
                .setParameter("waiting", ImportItemState.WAITING)
                .setParameter("before", clock.instant().minus(settings.imports().keep()))
                .executeUpdate();
    }

    private void hold(ImportItem item, Secret access, @Nullable Secret refresh, @Nullable Instant expiresAt) {
        item.hold(
                vault.seal(access.value(), item.accessTokenAssociatedData()),
                refresh == null ? null : vault.seal(refresh.value(), item.refreshTokenAssociatedData()),
                expiresAt);
    }

    private @Nullable Secret secret(@Nullable Sealed sealed, String place) {
        return sealed == null ? null : new Secret(vault.open(sealed, place));
    }
}
