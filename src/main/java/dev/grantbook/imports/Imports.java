package dev.grantbook.imports;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.imports.ImportItem.ImportItemState;
import dev.grantbook.imports.ImportItem.Trouble;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
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

/** All imports and their items. Each method is one short transaction; no provider is asked in any. */
@ApplicationScoped
@Transactional
class Imports {

    /** How often a provider is asked for one item at most: probe, refresh, probe, permissions, account, holdings. */
    private static final int QUESTIONS = 6;

    private static final Duration SLACK = Duration.ofSeconds(30);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * What a bot brings along for one user.
     *
     * @param provider the connector's
     * @param account null when the bot does not say
     * @param expiresAt null when nobody knows
     * @param scopes none when the bot does not say
     */
    record Brought(
            String connector,
            String provider,
            String subject,
            @Nullable String account,
            Secret accessToken,
            @Nullable Secret refreshToken,
            @Nullable Instant expiresAt,
            Scopes scopes) {}

    /**
     * How far an import is.
     *
     * @param counts states that no item has are left out
     * @param failed in the order of the request
     */
    record Progress(Import made, Map<ImportItemState, Long> counts, List<ImportItem> failed) {}

    /** The tokens of an item, in clear. */
    record ImportedTokens(Secret access, @Nullable Secret refresh) {}

    Import add(List<Brought> items, String actor) {
        Instant now = clock.instant();
        var made = new Import(UUID.randomUUID().toString(), actor, items.size(), now);
        entities.persist(made);
        // Items refer to it by its id alone.
        entities.flush();
        for (int i = 0; i < items.size(); i++) {
            Brought one = items.get(i);
            var item = new ImportItem(
                    UUID.randomUUID().toString(),
                    made.id(),
                    i,
                    one.connector(),
                    one.provider(),
                    one.subject(),
                    one.account(),
                    one.scopes(),
                    now);
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

    /** The providers that are to be asked something now. */
    List<String> due() {
        return entities.createQuery(
                        "SELECT DISTINCT i.provider FROM ImportItem i WHERE i.state = :waiting AND i.dueAt <= :now",
                        String.class)
                .setParameter("waiting", ImportItemState.WAITING)
                .setParameter("now", clock.instant())
                .getResultList();
    }

    /** Takes one item that is due, for this node to ask about. However many nodes take at once, each gets another one. */
    Optional<ImportItem> take(String provider) {
        Instant now = clock.instant();
        // Of one that was sent twice, the later waits for the earlier: they may bring the same refresh token along.
        List<?> free = entities.createNativeQuery("SELECT i.id FROM import_item i WHERE i.state = 'WAITING'"
                        + " AND i.provider = ? AND i.due_at <= ? AND NOT EXISTS (SELECT 1 FROM import_item e"
                        + " WHERE e.state = 'WAITING' AND e.connector = i.connector AND e.subject = i.subject"
                        + " AND (e.created_at < i.created_at OR (e.created_at = i.created_at AND e.id < i.id)))"
                        + " ORDER BY i.due_at, i.number FETCH FIRST 1 ROWS ONLY" + Jobs.SKIP_LOCKED)
                .setParameter(1, provider)
                .setParameter(2, Timestamp.from(now))
                .getResultList();
        if (free.isEmpty()) {
            return Optional.empty();
        }
        ImportItem item = entities.find(ImportItem.class, free.get(0));
        // Another node may have been done with it between the look and the lock.
        if (!item.isDue(now)) {
            return Optional.empty();
        }
        item.take(now.plus(settings.providerTimeout().multipliedBy(QUESTIONS)).plus(SLACK));
        return Optional.of(item);
    }

    ImportedTokens open(ImportItem item) {
        return new ImportedTokens(
                Objects.requireNonNull(secret(item.accessToken(), item.accessTokenPlace())),
                secret(item.refreshToken(), item.refreshTokenPlace()));
    }

    /** Keeps what came in place of a token, before anything else is done with it: a rotated refresh token is not given twice. */
    void replace(ImportItem taken, TokenResponse token) {
        ImportItem item = locked(taken);
        if (item != null && item.state() == ImportItemState.WAITING) {
            Instant end = token.expiresIn() == null ? null : clock.instant().plus(token.expiresIn());
            Secret refresh = token.refreshToken() == null
                    ? secret(item.refreshToken(), item.refreshTokenPlace())
                    : token.refreshToken();
            hold(item, token.accessToken(), refresh, end);
        }
    }

    /** Whether the subject has a grant that is alive, or waits for its user: nobody's doing is to be undone by an import. */
    boolean isGranted(ImportItem item) {
        return grants.isLive(item.connector(), item.subject());
    }

    /**
     * Makes the grant, and writes that down, at once: so there is one however often the item was taken.
     *
     * @return the item as it ended; empty when somebody else has to do with it by now
     */
    Optional<ImportItem> settle(ImportItem taken, Grants.Received received) {
        return still(taken).map(item -> {
            Import made = entities.find(Import.class, item.importId());
            Optional<Grant> grant = grants.imported(received, made.madeBy());
            grant.ifPresentOrElse(one -> item.imported(one.id()), () -> item.fail(Trouble.ALREADY_GRANTED));
            return item;
        });
    }

    /** @return as {@link #settle} does */
    Optional<ImportItem> fail(ImportItem taken, Trouble why) {
        return still(taken).map(item -> {
            item.fail(why);
            return item;
        });
    }

    void postpone(ImportItem taken) {
        still(taken).ifPresent(item -> item.postpone(clock.instant()));
    }

    /** Drops old imports, with their items. As long as one of these waits, its token is not given up. */
    void sweep() {
        entities.createQuery("DELETE FROM Import i WHERE i.createdAt < :before AND NOT EXISTS"
                        + " (SELECT w.id FROM ImportItem w WHERE w.importId = i.id AND w.state = :waiting)")
                .setParameter("waiting", ImportItemState.WAITING)
                .setParameter("before", clock.instant().minus(settings.importsKept()))
                .executeUpdate();
    }

    private Optional<ImportItem> still(ImportItem taken) {
        return Optional.ofNullable(locked(taken)).filter(item -> item.isStill(taken));
    }

    private @Nullable ImportItem locked(ImportItem item) {
        return entities.find(ImportItem.class, item.id(), LockModeType.PESSIMISTIC_WRITE);
    }

    private void hold(ImportItem item, Secret access, @Nullable Secret refresh, @Nullable Instant expiresAt) {
        item.hold(
                vault.seal(access.value(), item.accessTokenPlace()),
                refresh == null ? null : vault.seal(refresh.value(), item.refreshTokenPlace()),
                expiresAt);
    }

    private @Nullable Secret secret(@Nullable Sealed sealed, String place) {
        return sealed == null ? null : new Secret(vault.open(sealed, place));
    }
}
