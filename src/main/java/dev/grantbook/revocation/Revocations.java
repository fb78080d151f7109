package dev.grantbook.revocation;

import dev.grantbook.catalogue.dialect.RevocationMethod.Ends;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
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
 * What providers have still to be told. Each method is one short transaction; none is open while a provider is asked.
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

    /** What the provider has to be told of; one of the two is there. */
    record RevokedTokens(@Nullable Secret access, @Nullable Secret refresh) {}

    /** The right to tell the provider. */
    record RevocationClaim(PendingRevocation row, RevokedTokens tokens) {}

    /** What came of it. */
    enum RevocationAnswer {
        /** The provider was told. */
        NOTIFIED,
        /** The provider has no way to be told. */
        UNSUPPORTED,
        /** The provider is not asked: it would end a grant that lives. */
        STILL_USED,
        /** The provider said no, which may be our own fault and mended. */
        REFUSED,
        /** The provider could not be asked. */
        AWAY
    }

    /**
     * Ends a grant, and claims what its provider has to be told before any round does. If nothing is heard of this
     * node, it is due a lease later.
     *
     * @param check is shown the grant while nothing else can change it; what it throws keeps the grant alive
     * @return empty when there is nothing to tell, or no way to
     */
    Optional<RevocationClaim> disconnect(GrantId grantId, String actor, Consumer<Grant> check) {
        return ending.disconnect(grantId, actor, check)
                .flatMap(grant -> of(grant.id()))
                .flatMap(row -> QUEUE.claimFirst(
                        entities, row.id(), clock.instant(), settings.refresh().lease()))
                .flatMap(this::readable);
    }

    /** Keeps the tokens of a grant that just ended, or writes down why its provider will not be told. */
    @Transactional(Transactional.TxType.MANDATORY)
    void add(@Observes GrantEnding.GrantEnded end) {
        Grant grant = end.grant();
        add(grant, end.secondaryTokens());
        if (end.access() == null && end.refresh() == null) {
            return;
        }
        RevokedTokens tokens = tokens(grant, end.access(), end.refresh());
        if (row(grant.connector(), grant.id(), tokens).isEmpty()) {
            boolean lost = tokens.access() == null && tokens.refresh() == null;
            recordUnnotified(grant, lost ? EndReason.UNREADABLE : EndReason.UNSUPPORTED);
        }
    }

    /**
     * Keeps tokens that came too late: what they were asked for has ended, or is forgotten, with its grant.
     *
     * @param grant as it was when the tokens were asked for
     * @param holder the grant itself, or what came with it
     * @param isThere whether the grant is still there, ended; otherwise it is forgotten
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void addLate(Grant grant, TokenHolder holder, boolean isThere, TokenResponse token) {
        boolean own = holder instanceof Grant;
        TokenOwner owner = own ? TokenOwner.of(grant) : TokenOwner.of(grant).alone();
        if (!own && !endApart(grant.connector())) {
            return;
        }
        if (isThere) {
            // What somebody who granted again has got since would end with these at many providers.
            row(grant.connector(), grant.id(), tokens(token))
                    .filter(row -> !own)
                    .ifPresent(row -> setOwner(row, owner));
        } else if (!isStillUsed(grant.connector(), grant.id(), owner)) {
            // Now or never: later on nobody knows whose it was.
            row(grant.connector(), null, tokens(token));
        }
    }

    /** Keeps tokens that nobody may have, and that never were a grant's. */
    void add(Grants.Received received) {
        TokenOwner owner = TokenOwner.of(received);
        row(received.connector(), null, tokens(received.token())).ifPresent(row -> setOwner(row, owner));
        if (endApart(received.connector())) {
            received.providerTokens()
                    .forEach(held -> row(
                                    received.connector(), null, new RevokedTokens(held.token(), held.refreshToken()))
                            .ifPresent(row -> setOwner(row, owner.alone())));
        }
    }

    /** Keeps the tokens of what came with a grant that just ended, where they do not end with it. */
    private void add(Grant grant, List<SecondaryToken> secondaryTokens) {
        if (endApart(grant.connector())) {
            secondaryTokens.forEach(held -> row(
                            grant.connector(),
                            grant.id(),
                            new RevokedTokens(
                                    open(held.tokens().access(), held.accessTokenAssociatedData()),
                                    open(held.tokens().refresh(), held.refreshTokenAssociatedData())))
                    .ifPresent(row -> setOwner(row, TokenOwner.of(grant).alone())));
        }
    }

    private boolean endApart(ConnectorId connector) {
        return connectors
                .find(connector)
                .filter(known -> known.provider().revocation().secondaryTokens())
                .isPresent();
    }

    private void setOwner(PendingRevocation row, TokenOwner owner) {
        row.setOwner(vault.seal(owner.text(), row.ownerAssociatedData()));
    }

    private static RevokedTokens tokens(TokenResponse token) {
        return new RevokedTokens(token.accessToken(), token.refreshToken());
    }

    /** Empty when there is nothing to tell, or no way to. */
    private Optional<PendingRevocation> row(ConnectorId connector, @Nullable GrantId grantId, RevokedTokens tokens) {
        boolean any = tokens.access() != null || tokens.refresh() != null;
        if (!any || !connectors.find(connector).map(Revocations::mayTell).orElse(true)) {
            return Optional.empty();
        }
        var row = new PendingRevocation(UUID.randomUUID().toString(), connector, grantId, clock.instant());
        keep(row, tokens);
        entities.persist(row);
        return Optional.of(row);
    }

    /** A server that says by itself where its endpoints are is asked when it is told. */
    private static boolean mayTell(Connector connector) {
        return connector.provider().endpoints().revocation() != null
                || connector.provider().isToBeFound();
    }

    /**
     * Gives up telling the provider: the user granted again. At many providers an end means everything that the user
     * granted, and would take the new tokens with the old ones.
     */
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

    /** A grant is about to be forgotten. Its provider is told all the same, of tokens that are nobody's any more. */
    @Transactional(Transactional.TxType.MANDATORY)
    void outlive(@Observes GrantEnding.GrantForgotten forgotten) {
        Grant grant = forgotten.grant();
        // Now or never: later on nobody knows whose it was.
        if (!isStillUsed(grant.connector(), grant.id(), TokenOwner.of(grant))) {
            row(
                    grant.connector(),
                    null,
                    tokens(grant, grant.tokens().access(), grant.tokens().refresh()));
        }
        if (!isStillUsed(grant.connector(), grant.id(), TokenOwner.of(grant).alone())) {
            add(grant, forgotten.secondaryTokens());
        }
        entities.createQuery("UPDATE PendingRevocation r SET r.grantId = NULL, r.owner = NULL WHERE r.grantId = :grant")
                .setParameter("grant", grant.id().value())
                .executeUpdate();
    }

    /** Whether the provider would end a grant that lives together with these tokens. Asked anew before each try. */
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
                                // Of somebody of whom nothing is known it may be any.
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

    /** The connectors that are one and the same to the provider. */
    private List<String> withClientOf(Connector connector) {
        return connectors.all().stream()
                .filter(other ->
                        other.provider().id().equals(connector.provider().id())
                                && other.clientId().equals(connector.clientId()))
                .map(other -> other.id().value())
                .toList();
    }

    /** How many ends providers have still to be told of. */
    long count() {
        return entities.createQuery("SELECT COUNT(r) FROM PendingRevocation r", Long.class)
                .getSingleResult();
    }

    /** For how long a provider has not been told of an end at most. */
    Duration longestWait() {
        return entities.createQuery("SELECT r.createdAt FROM PendingRevocation r ORDER BY r.createdAt", Instant.class)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(first -> Duration.between(first, clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** The connectors whose providers have something to be told now. */
    List<ConnectorId> due() {
        return QUEUE.due(entities, clock.instant()).stream()
                .map(ConnectorId::new)
                .toList();
    }

    /** Takes one that is due. However many nodes ask at once, each gets another one. */
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
        if (tokens.access() == null && tokens.refresh() == null) {
            Grant grant = row.grantId() == null
                    ? null
                    : entities.find(Grant.class, row.grantId().value());
            giveUp(row, grant, EndReason.UNREADABLE);
            return Optional.empty();
        }
        return Optional.of(new RevocationClaim(row, tokens));
    }

    /** Says that the node that took it is still at it. */
    void stay(RevocationClaim claim) {
        QUEUE.prolong(
                entities, claim.row(), clock.instant().plus(settings.refresh().lease()));
    }

    /** Keeps what the old tokens were exchanged for, on the way to ending them all. */
    void replaceToken(RevocationClaim claim, TokenResponse token) {
        Secret refresh = token.refreshToken() == null ? claim.tokens().refresh() : token.refreshToken();
        // Also when another node took it since: with a refresh token that is used up, that one gets nothing.
        QUEUE.lock(entities, claim.row()).ifPresent(row -> keep(row, new RevokedTokens(token.accessToken(), refresh)));
    }

    /** Writes down what came of it; nothing when another node took it since, which will tell. */
    void settle(RevocationClaim claim, RevocationAnswer answer) {
        // The grant first, as everywhere: two who lock both in different turns would wait for each other.
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

    /**
     * Also of what came with a grant: its provider cannot be said to know of the end while a token of it lives there.
     */
    private void giveUp(PendingRevocation row, @Nullable Grant grant, EndReason why) {
        entities.remove(row);
        if (grant != null) {
            recordUnnotified(grant, why);
        }
    }

    private void recordUnnotified(Grant grant, EndReason why) {
        history.write(grant, GrantEventKind.PROVIDER_NOT_NOTIFIED, why);
    }

    /** What the provider of a grant has still to be told. */
    public Optional<PendingRevocation> of(GrantId grantId) {
        return entities.createQuery(
                        "SELECT r FROM PendingRevocation r WHERE r.grantId = :grant AND r.owner IS NULL ORDER BY r.createdAt DESC",
                        PendingRevocation.class)
                .setParameter("grant", grantId.value())
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    /** What the provider of a grant that ended knows of that; empty while it lives, or when nobody ended it. */
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

    /** A token that cannot be opened any more must not keep its grant from ending. */
    private @Nullable Secret open(@Nullable Sealed sealed, String place) {
        try {
            return sealed == null ? null : new Secret(vault.open(sealed, place));
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "the provider cannot be told that a token ended: {0}", e.getMessage());
            return null;
        }
    }
}
