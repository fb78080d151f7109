package dev.grantbook.imports;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.imports.ImportItem.ImportItemState;
import dev.grantbook.imports.ImportItem.Trouble;
import dev.grantbook.oauth.Scopes;
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

/** All imports and their items. Each method is one short transaction; no provider is asked in any. */
@ApplicationScoped
@Transactional
class Imports {

    /**
     * How often a provider is asked for one item at most: probe, refresh, probe, permissions, account, secondary
     * tokens.
     */
    private static final int QUESTIONS = 6;

    private static final Duration SLACK = Duration.ofSeconds(30);

    /** Of an item that was sent twice, the later waits for the earlier: they may bring the same refresh token along. */
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
        return QUEUE.due(entities, clock.instant());
    }

    /**
     * Takes one item that is due, for this node to ask about. However many nodes take at once, each gets another one.
     */
    Optional<ImportItem> take(String provider) {
        return QUEUE.claim(
                entities,
                provider,
                "w.due_at, w.number",
                clock.instant(),
                settings.provider().timeout().multipliedBy(QUESTIONS).plus(SLACK));
    }

    ImportedTokens open(ImportItem item) {
        return new ImportedTokens(
                Objects.requireNonNull(secret(item.accessToken(), item.accessTokenAssociatedData())),
                secret(item.refreshToken(), item.refreshTokenAssociatedData()));
    }

    /**
     * Keeps what came in place of a token, before anything else is done with it: a rotated refresh token is not given
     * twice.
     */
    void replace(ImportItem taken, TokenResponse token) {
        QUEUE.lock(entities, taken).ifPresent(item -> {
            Instant end = token.expiresIn() == null ? null : clock.instant().plus(token.expiresIn());
            Secret refresh = token.refreshToken() == null
                    ? secret(item.refreshToken(), item.refreshTokenAssociatedData())
                    : token.refreshToken();
            hold(item, token.accessToken(), refresh, end);
        });
    }

    /**
     * Whether the subject has a grant that is alive, or waits for its user: nobody's doing is to be undone by an
     * import.
     */
    boolean isGranted(ImportItem item) {
        return grants.isLive(item.connector(), item.subject());
    }

    /**
     * Makes the grant, and writes that down, at once: so there is one however often the item was taken.
     *
     * @return the item as it ended; empty when somebody else has to do with it by now
     */
    Optional<ImportItem> settle(ImportItem taken, Grants.Received received) {
        return QUEUE.lockClaimed(entities, taken).map(item -> {
            Import made = entities.find(Import.class, item.importId());
            Optional<Grant> grant = issuing.importGrant(received, made.madeBy());
            grant.ifPresentOrElse(one -> item.recordGrant(one.id()), () -> item.fail(Trouble.ALREADY_GRANTED));
            return item;
        });
    }

    /** @return as {@link #settle} does */
    Optional<ImportItem> fail(ImportItem taken, Trouble why) {
        return QUEUE.lockClaimed(entities, taken).map(item -> {
            item.fail(why);
            return item;
        });
    }

    void postpone(ImportItem taken) {
        QUEUE.lockClaimed(entities, taken).ifPresent(item -> item.postpone(random.nextDouble(), clock.instant()));
    }

    /** Drops old imports, with their items. As long as one of these waits, its token is not given up. */
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
