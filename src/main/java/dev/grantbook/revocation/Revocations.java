package dev.grantbook.revocation;

import dev.grantbook.catalogue.dialect.RevocationMethod.Ends;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores pending revocations until their providers are notified. Each method is one short transaction, so that none is
 * open during a request.
 */
@ApplicationScoped
@Transactional
public class Revocations {

    private static final Logger LOG = Logger.getLogger(Revocations.class.getName());

    private static final WorkQueue<PendingRevocation> QUEUE =
            new WorkQueue<>(PendingRevocation.class, "revocation", "id", "connector", "TRUE", "TRUE");

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Connectors connectors;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    @Inject
    SecureRandom random;

    @Inject
    Clock clock;

    record RevokedTokens(@Nullable Secret access, @Nullable Secret refresh) {

        boolean isEmpty() {
            return access == null && refresh == null;
        }
    }

    /** The right to notify the provider of a revocation. */
    record RevocationClaim(PendingRevocation row, RevokedTokens tokens) {}

    /** Result of an attempt to notify a provider. */
    enum RevocationAnswer {
        NOTIFIED,
        /** The provider has no revocation endpoint. */
        UNSUPPORTED,
        /** No request was sent, since it would end a live grant. */
        STILL_USED,
        /** The provider rejects the request, perhaps for a configuration that can be mended. */
        REFUSED,
        /** The provider gives no answer. */
        AWAY
    }

    /**
     * Ends a grant and claims its revocation, which is due for other nodes when the lease ends.
     *
     * @param check receives the locked grant, and keeps it alive by an exception
     * @return empty when there is no token to revoke, or no way to
     */
    Optional<RevocationClaim> disconnect(GrantId grantId, String actor, Consumer<Grant> check) {
        return ending.disconnect(grantId, actor, check)
                .flatMap(grant -> of(grant.id()))
                .flatMap(row -> QUEUE.claimFirst(
                        entities, row.id(), clock.instant(), settings.refresh().lease()))
                .flatMap(this::readable);
    }

    /** Stores the tokens of an ended grant, or records why they are not revoked. */
    @Transactional(Transactional.TxType.MANDATORY)
    void add(@Observes GrantEnding.GrantEnded end) {
        Grant grant = end.grant();
        add(grant, end.secondaryTokens());
        if (end.access() == null && end.refresh() == null) {
            return;
        }
        RevokedTokens tokens = tokens(grant, end.access(), end.refresh());
        if (!store(grant.connector(), grant.id(), tokens, null)) {
            recordUnnotified(grant, tokens.isEmpty() ? EndReason.UNREADABLE : EndReason.UNSUPPORTED);
        }
    }

    /**
     * Stores tokens of a refresh during which the grant was ended or deleted.
     *
     * @param grant as it was before the refresh
     * @param holder the grant itself, or its secondary token
     * @param isThere false when the grant is deleted
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void addLate(Grant grant, TokenHolder holder, boolean isThere, TokenResponse token) {
        boolean own = holder instanceof Grant;
        TokenOwner owner = own ? TokenOwner.of(grant) : TokenOwner.of(grant).alone();
        if (!own && !endApart(grant.connector())) {
            return;
        }
        if (isThere) {
            store(grant.connector(), grant.id(), tokens(token), own ? null : owner);
        } else if (!isStillUsed(grant.connector(), grant.id(), owner)) {
            // Decided now, since the row does not name its owner.
            store(grant.connector(), null, tokens(token), null);
        }
    }

    /** Stores tokens that are discarded and never belonged to a grant. */
    void add(ReceivedTokens received) {
        TokenOwner owner = TokenOwner.of(received);
        store(received.connector(), null, tokens(received.token()), owner);
        if (endApart(received.connector())) {
            received.providerTokens()
                    .forEach(held -> store(
                            received.connector(),
                            null,
                            new RevokedTokens(held.token(), held.refreshToken()),
                            owner.alone()));
        }
    }

    /** Stores the secondary tokens of an ended grant where the provider does not end them with it. */
    private void add(Grant grant, List<SecondaryToken> secondaryTokens) {
        if (endApart(grant.connector())) {
            secondaryTokens.forEach(held -> store(
                    grant.connector(),
                    grant.id(),
                    new RevokedTokens(
                            open(held.tokens().access(), held.accessTokenAssociatedData()),
                            open(held.tokens().refresh(), held.refreshTokenAssociatedData())),
                    TokenOwner.of(grant).alone()));
        }
    }

    private boolean endApart(ConnectorId connector) {
        return connectors
                .find(connector)
                .filter(known -> known.provider().revocation().secondaryTokens())
                .isPresent();
    }

    private static RevokedTokens tokens(TokenResponse token) {
        return new RevokedTokens(token.accessToken(), token.refreshToken());
    }

    /**
     * @param owner null when the grant names it, or no row may
     * @return false when there is no token to revoke, or no way to
     */
    private boolean store(
            ConnectorId connector, @Nullable GrantId grantId, RevokedTokens tokens, @Nullable TokenOwner owner) {
        if (tokens.isEmpty()
                || !connectors.find(connector).map(Revocations::mayTell).orElse(true)) {
            return false;
        }
        var row = new PendingRevocation(UUID.randomUUID().toString(), connector, grantId, clock.instant());
        keep(row, tokens);
        if (owner != null) {
            row.setOwner(vault.seal(owner.text(), row.ownerAssociatedData()));
        }
        entities.persist(row);
        return true;
    }

    /** The endpoints of a server with a discovery document are known only when the request is made. */
    private static boolean mayTell(Connector connector) {
        return connector.provider().endpoints().revocation() != null
                || connector.provider().isToBeFound();
    }

    /** Drops revocations of a renewed grant, since many providers would end the new tokens with the old ones. */
    @Transactional(Transactional.TxType.MANDATORY)
    void drop(@Observes GrantIssuing.GrantRenewed renewed) {
        Grant grant = renewed.grant();
        int dropped = entities.createQuery("DELETE FROM PendingRevocation r WHERE r.grantId = :grant")
                .setParameter("grant", grant.id().value())
                .executeUpdate();
        if (dropped > 0) {
            recordUnnotified(grant, EndReason.GRANTED_AGAIN);
        }
    }

    /** Keeps the revocations of a grant that is about to be deleted, without its id and owner. */
    @Transactional(Transactional.TxType.MANDATORY)
    void outlive(@Observes GrantEnding.GrantForgotten forgotten) {
        Grant grant = forgotten.grant();
        // Decided now, since the rows do not name their owner.
        if (!isStillUsed(grant.connector(), grant.id(), TokenOwner.of(grant))) {
            store(
                    grant.connector(),
                    null,
                    tokens(grant, grant.tokens().access(), grant.tokens().refresh()),
                    null);
        }
        if (!isStillUsed(grant.connector(), grant.id(), TokenOwner.of(grant).alone())) {
            add(grant, forgotten.secondaryTokens());
        }
        entities.createQuery("UPDATE PendingRevocation r SET r.grantId = NULL, r.owner = NULL WHERE r.grantId = :grant")
                .setParameter("grant", grant.id().value())
                .executeUpdate();
    }

    /** Whether the revocation would end a live grant too; tested before each try. */
    boolean isStillUsed(RevocationClaim claim) {
        GrantId own = claim.row().grantId();
        return Optional.ofNullable(
                        entities.find(PendingRevocation.class, claim.row().id()))
                .flatMap(row -> Optional.ofNullable(open(row.owner(), row.ownerAssociatedData())))
                .map(owner -> TokenOwner.of(owner.value()))
                .or(() -> Optional.ofNullable(own)
                        .map(id -> entities.find(Grant.class, id.value()))
                        .map(TokenOwner::of))
                .filter(owner -> isStillUsed(claim.row().connector(), own, owner))
                .isPresent();
    }

    /** @param own the grant that ends; null for none */
    private boolean isStillUsed(ConnectorId connectorId, @Nullable GrantId own, TokenOwner owner) {
        Optional<Connector> connector = connectors.find(connectorId);
        Ends ends = connector.map(known -> known.provider().revocation().ends()).orElse(Ends.TOKEN);
        if (ends == Ends.TOKEN) {
            return false;
        }
        boolean team = ends == Ends.INSTALLATION && !owner.installation().isEmpty();
        String account = team ? owner.installation() : owner.account();
        String field = account.isEmpty() ? "subject" : team ? "installationId" : "accountId";
        String id =
                account.isEmpty() && owner.subject() != null ? owner.subject().value() : account;
        TypedQuery<String> living = entities.createQuery(
                        "SELECT g.id FROM Grant g WHERE g.connector IN :same AND g.id <> :own"
                                // An unknown owner may be the one of any grant.
                                + (id.isEmpty() ? "" : " AND g." + field + " = :owner")
                                + " AND ((g.status = :active"
                                + " AND (g.refreshable = TRUE OR g.tokens.expiresAt IS NULL OR g.tokens.expiresAt > :now))"
                                + " OR (g.status = :unconfirmed AND g.confirmBy > :now))",
                        String.class)
                .setParameter("same", withClientOf(connector.orElseThrow()))
                .setParameter("own", own == null ? "" : own.value())
                .setParameter("active", GrantStatus.ACTIVE)
                .setParameter("unconfirmed", GrantStatus.UNCONFIRMED)
                .setParameter("now", clock.instant())
                .setMaxResults(1);
        if (!id.isEmpty()) {
            living.setParameter("owner", id);
        }
        return !living.getResultList().isEmpty();
    }

    /** Finds the connectors that share a client id at the provider. */
    private List<String> withClientOf(Connector connector) {
        return connectors.all().stream()
                .filter(other ->
                        other.provider().id().equals(connector.provider().id())
                                && other.clientId().equals(connector.clientId()))
                .map(other -> other.id().value())
                .toList();
    }

    long count() {
        return entities.createQuery("SELECT COUNT(r) FROM PendingRevocation r", Long.class)
                .getSingleResult();
    }

    /** Age of the oldest pending revocation; zero for none. */
    Duration longestWait() {
        return entities.createQuery("SELECT r.createdAt FROM PendingRevocation r ORDER BY r.createdAt", Instant.class)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(first -> Duration.between(first, clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** Finds the connectors that have a revocation due. */
    List<ConnectorId> due() {
        return QUEUE.due(entities, clock.instant()).stream()
                .map(ConnectorId::new)
                .toList();
    }

    /** Claims the next due revocation; concurrent nodes get different ones. */
    Optional<RevocationClaim> takeNext(ConnectorId connector) {
        return QUEUE.claim(
                        entities,
                        connector.value(),
                        "w.due_at",
                        clock.instant(),
                        settings.refresh().lease())
                .flatMap(this::readable);
    }

    private Optional<RevocationClaim> readable(PendingRevocation row) {
        RevokedTokens tokens = new RevokedTokens(
                open(row.accessToken(), row.accessTokenAssociatedData()),
                open(row.refreshToken(), row.refreshTokenAssociatedData()));
        if (tokens.isEmpty()) {
            Grant grant = row.grantId() == null
                    ? null
                    : entities.find(Grant.class, row.grantId().value());
            giveUp(row, grant, EndReason.UNREADABLE);
            return Optional.empty();
        }
        return Optional.of(new RevocationClaim(row, tokens));
    }

    /** Prolongs the lease. */
    void stay(RevocationClaim claim) {
        QUEUE.prolong(
                entities, claim.row(), clock.instant().plus(settings.refresh().lease()));
    }

    /** Stores the tokens of a refresh that a revocation needed. */
    void replaceToken(RevocationClaim claim, TokenResponse token) {
        Secret refresh = token.refreshToken() == null ? claim.tokens().refresh() : token.refreshToken();
        // Also after the claim has passed to another node, whose refresh token is used up.
        QUEUE.lock(entities, claim.row()).ifPresent(row -> keep(row, new RevokedTokens(token.accessToken(), refresh)));
    }

    /** Records the result, unless the claim has passed to another node. */
    void settle(RevocationClaim claim, RevocationAnswer answer) {
        // The grant first, as everywhere, against deadlocks.
        Grant grant = claim.row().grantId() == null
                ? null
                : entities.find(Grant.class, claim.row().grantId().value(), LockModeType.PESSIMISTIC_WRITE);
        QUEUE.lockClaimed(entities, claim.row()).ifPresent(row -> settle(row, grant, answer));
    }

    private void settle(PendingRevocation row, @Nullable Grant grant, RevocationAnswer answer) {
        switch (answer) {
            case NOTIFIED -> recordAgreement(row, grant);
            case UNSUPPORTED -> giveUp(row, grant, EndReason.UNSUPPORTED);
            case STILL_USED -> giveUp(row, grant, EndReason.STILL_USED);
            case REFUSED -> again(row, grant, EndReason.PROVIDER_REFUSED);
            case AWAY -> again(row, grant, EndReason.PROVIDER_AWAY);
        }
    }

    private void recordAgreement(PendingRevocation row, @Nullable Grant grant) {
        entities.remove(row);
        if (grant != null && row.isGrants()) {
            history.write(grant, GrantEventKind.PROVIDER_NOTIFIED, null);
        }
    }

    private void again(PendingRevocation row, @Nullable Grant grant, EndReason why) {
        if (!row.recordFailure(settings.revocation().patience(), random.nextDouble(), clock.instant())) {
            giveUp(row, grant, why);
        }
    }

    /** Records it for secondary tokens too: while one is valid, the provider does not know of the grant's end. */
    private void giveUp(PendingRevocation row, @Nullable Grant grant, EndReason why) {
        entities.remove(row);
        if (grant != null) {
            recordUnnotified(grant, why);
        }
    }

    private void recordUnnotified(Grant grant, EndReason why) {
        history.write(grant, GrantEventKind.PROVIDER_NOT_NOTIFIED, why);
    }

    /** Finds the pending revocation of a grant's own tokens. */
    public Optional<PendingRevocation> of(GrantId grantId) {
        return entities.createQuery(
                        "SELECT r FROM PendingRevocation r WHERE r.grantId = :grant AND r.owner IS NULL ORDER BY r.createdAt DESC",
                        PendingRevocation.class)
                .setParameter("grant", grantId.value())
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    /** What the provider knows of the end of a grant; empty for a grant that was not ended. */
    public Optional<ProviderNotice> notice(Grant grant) {
        Instant now = clock.instant();
        EndReason why = grant.reason(now);
        if (grant.status(now) != GrantStatus.REVOKED || why == null) {
            return Optional.empty();
        }
        if (!why.isReported()) {
            return Optional.of(ProviderNotice.ENDED_THERE);
        }
        boolean waits = !entities.createQuery(
                        "SELECT r.id FROM PendingRevocation r WHERE r.grantId = :grant", String.class)
                .setParameter("grant", grant.id().value())
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
        return Optional.of(waits ? ProviderNotice.PENDING : ProviderNotice.of(history.of(grant.id())));
    }

    private RevokedTokens tokens(Grant grant, @Nullable Sealed access, @Nullable Sealed refresh) {
        return new RevokedTokens(
                open(access, grant.accessTokenAssociatedData()), open(refresh, grant.refreshTokenAssociatedData()));
    }

    private void keep(PendingRevocation row, RevokedTokens tokens) {
        row.keep(
                seal(tokens.access(), row.accessTokenAssociatedData()),
                seal(tokens.refresh(), row.refreshTokenAssociatedData()));
    }

    private @Nullable Sealed seal(@Nullable Secret token, String place) {
        return token == null ? null : vault.seal(token.value(), place);
    }

    /** Null for a token that cannot be opened, so that its grant can end all the same. */
    private @Nullable Secret open(@Nullable Sealed sealed, String place) {
        try {
            return sealed == null ? null : new Secret(vault.open(sealed, place));
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "a token that cannot be opened is not revoked: {0}", e.getMessage());
            return null;
        }
    }
}
