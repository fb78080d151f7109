package dev.grantbook.grant;

import dev.grantbook.grant.GrantEvent.Kind;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.Account;
import dev.grantbook.provider.Holding;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All grants, with their history. */
@ApplicationScoped
@Transactional
public class Grants {

    private static final Logger LOG = Logger.getLogger(Grants.class.getName());

    /** Most grants that one page may hold. */
    public static final int LONGEST_PAGE = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantSearch search;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * What an exchange brought.
     *
     * @param account null when the provider does not tell
     * @param asked the scopes that were asked for; what the provider granted is in the reply
     * @param holdings what came with tokens of its own
     */
    public record Received(
            String connector,
            String subject,
            @Nullable Account account,
            Scopes asked,
            TokenResponse token,
            List<Holding> holdings) {

        /** Empty when the provider does not tell. */
        public String accountId() {
            return account == null ? "" : account.id();
        }

        /** RFC 6749 section 5.1: a reply without scopes means that all were granted. */
        public Scopes granted() {
            return token.scopes() == null ? asked : token.scopes();
        }
    }

    /**
     * A token that we gave up, for its provider to be told.
     *
     * @param kind {@code access_token} or {@code refresh_token}: RFC 7009's token type hint
     */
    record Ended(Secret token, String kind) {}

    public Optional<Grant> find(String id) {
        return Optional.ofNullable(entities.find(Grant.class, id));
    }

    /**
     * The grant that stands for a subject.
     *
     * @param accountId which of the subject's accounts; null for the best one: a live one before an ended one, then the
     *     one that changed last
     */
    public Optional<Grant> find(String connector, String subject, @Nullable String accountId) {
        Instant now = clock.instant();
        return ofSubject(connector, subject).stream()
                .filter(grant -> accountId == null || grant.accountId().equals(accountId))
                .min((one, other) -> {
                    int live = Boolean.compare(
                            one.status(now) != GrantStatus.ACTIVE, other.status(now) != GrantStatus.ACTIVE);
                    return live != 0 ? live : other.updatedAt().compareTo(one.updatedAt());
                });
    }

    /**
     * Keeps what an exchange brought: the one grant of this connector, subject and account is made or renewed, and its
     * history says so.
     *
     * @throws jakarta.persistence.PersistenceException when another call made or changed the same grant at the same
     *     time; the caller may try again in a new transaction
     */
    public Grant record(Received received, String actor) {
        Instant now = clock.instant();
        Optional<Grant> known = ofSubject(received.connector(), received.subject()).stream()
                .filter(grant -> grant.accountId().equals(received.accountId()))
                .findFirst();
        boolean wasActive = known.isPresent() && known.get().status(now) == GrantStatus.ACTIVE;
        Grant grant = known.orElseGet(
                () -> new Grant(newId(), received.connector(), received.subject(), received.accountId(), now));
        TokenResponse token = received.token();
        grant.renew(
                received.account(),
                received.granted(),
                setOf(received.connector(), received.granted()),
                vault.seal(token.accessToken().value(), grant.accessTokenPlace()),
                token.refreshToken() == null
                        ? null
                        : vault.seal(token.refreshToken().value(), grant.refreshTokenPlace()),
                token.tokenType(),
                token.expiresIn() == null ? null : now.plus(token.expiresIn()),
                now);
        if (known.isEmpty()) {
            entities.persist(grant);
        }
        write(grant, wasActive ? Kind.CHANGED : Kind.GRANTED, actor, received.asked(), received.granted());
        // Now, not at commit: a clash with another call must reach the caller as what it is.
        entities.flush();
        return grant;
    }

    /** Writes down that the user was asked again and refused. */
    public void refused(Grant grant, Scopes asked) {
        write(grant, Kind.REFUSED, "user", asked, Scopes.NONE);
    }

    /**
     * Ends a grant and destroys its tokens.
     *
     * @return the tokens, for the provider to be told; empty when the grant had ended before
     */
    List<Ended> disconnect(String id, String actor) {
        Grant grant = entities.find(Grant.class, id);
        if (grant == null || grant.status(clock.instant()) == GrantStatus.REVOKED) {
            return List.of();
        }
        var tokens = new ArrayList<Ended>();
        ended(grant.refreshToken(), grant.refreshTokenPlace(), "refresh_token").ifPresent(tokens::add);
        ended(grant.accessToken(), grant.accessTokenPlace(), "access_token").ifPresent(tokens::add);
        grant.revoke(clock.instant());
        write(grant, Kind.DISCONNECTED, actor, Scopes.NONE, Scopes.NONE);
        return List.copyOf(tokens);
    }

    /** The access token in clear, for a bot that may have it; empty when the grant has ended. */
    public Optional<Secret> accessToken(Grant grant) {
        return Optional.ofNullable(open(grant.accessToken(), grant.accessTokenPlace()));
    }

    /** Latest first. */
    public List<GrantEvent> history(String grantId) {
        return entities.createQuery(
                        "SELECT e FROM GrantEvent e WHERE e.grantId = :grant ORDER BY e.at DESC, e.id",
                        GrantEvent.class)
                .setParameter("grant", grantId)
                .setMaxResults(500)
                .getResultList();
    }

    /** One page of a list; fast however long the list is and however far down the page. */
    public Page page(GrantQuery query) {
        return search.page(query);
    }

    /** How many grants have a status, counted up to a limit: beyond that, nobody needs the exact number. */
    public int count(GrantStatus status, int limit) {
        search.writeDownEnds();
        return entities.createQuery("SELECT g.id FROM Grant g WHERE g.status = :status", String.class)
                .setParameter("status", status)
                .setMaxResults(limit)
                .getResultList()
                .size();
    }

    /** What happened last, over all grants. */
    public List<GrantEvent> latest(int limit) {
        return entities.createQuery("SELECT e FROM GrantEvent e ORDER BY e.at DESC, e.id", GrantEvent.class)
                .setMaxResults(limit)
                .getResultList();
    }

    private GrantedSet setOf(String connector, Scopes scopes) {
        GrantedSet known = entities.find(GrantedSet.class, GrantedSet.idOf(connector, scopes));
        if (known != null) {
            return known;
        }
        var made = new GrantedSet(connector, scopes);
        entities.persist(made);
        // Before the grant, which refers to it by its id alone.
        entities.flush();
        return made;
    }

    private List<Grant> ofSubject(String connector, String subject) {
        return entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject = :subject", Grant.class)
                .setParameter("connector", connector)
                .setParameter("subject", subject)
                .getResultList();
    }

    private void write(Grant grant, Kind kind, String actor, Scopes asked, Scopes granted) {
        entities.persist(new GrantEvent(newId(), grant.id(), clock.instant(), kind, actor, asked, granted));
    }

    /** A token that cannot be opened any more must not keep its grant from ending. */
    private Optional<Ended> ended(@Nullable Sealed sealed, String place, String kind) {
        try {
            return Optional.ofNullable(open(sealed, place)).map(token -> new Ended(token, kind));
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "the provider cannot be told that a token ended: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    private @Nullable Secret open(@Nullable Sealed sealed, String place) {
        return sealed == null ? null : new Secret(vault.open(sealed, place));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
