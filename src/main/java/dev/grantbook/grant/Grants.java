package dev.grantbook.grant;

import dev.grantbook.catalogue.Account;
import dev.grantbook.catalogue.ProviderToken;
import dev.grantbook.grant.GrantEvent.GrantEventKind;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.persistence.LimitedUpdate;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All grants, with their history. */
@ApplicationScoped
@Transactional
public class Grants {

    /** Most grants that one page may hold. */
    public static final int LONGEST_PAGE = 200;

    /** As histories name it; which provider it was, the grant's connector says. */
    public static final String PROVIDER = "provider";

    /** Nobody else did it. */
    private static final String GRANTBOOK = "grantbook";

    /** What tells of an end, and so why. */
    private static final Set<GrantEventKind> ENDS = EnumSet.of(
            GrantEventKind.DISCONNECTED,
            GrantEventKind.UNCONFIRMED,
            GrantEventKind.REJECTED,
            GrantEventKind.REFRESH_FAILED,
            GrantEventKind.EXPIRED);
    /** How many wrong codes end a grant that waits for the right one. */
    public static final int CODE_TRIES = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantSearch search;

    @Inject
    SecondaryTokens holdings;

    @Inject
    Revocations revocations;

    @Inject
    Vault vault;

    @Inject
    Event<GrantEventRecorded> happened;

    @Inject
    Clock clock;

    /**
     * What an exchange brought.
     *
     * @param account null when the provider does not tell
     * @param asked the scopes that were asked for; what the provider granted is in the reply
     * @param holdings what came with tokens of its own
     * @param invitation the id of the link that led to it; null for none
     */
    public record Received(
            String connector,
            String subject,
            @Nullable Account account,
            Scopes asked,
            TokenResponse token,
            List<ProviderToken> holdings,
            @Nullable String invitation) {

        /** What no link led to. */
        public Received(
                String connector,
                String subject,
                @Nullable Account account,
                Scopes asked,
                TokenResponse token,
                List<ProviderToken> holdings) {
            this(connector, subject, account, asked, token, holdings, null);
        }

        /** @param id of an invitation; null for none */
        public Received withAttempt(@Nullable String id) {
            return new Received(connector, subject, account, asked, token, holdings, id);
        }

        /** Empty when the provider does not tell. */
        public String accountId() {
            return account == null ? "" : account.id();
        }

        /** RFC 6749 section 5.1: a reply without scopes means that all were granted. */
        public Scopes granted() {
            return token.scopes() == null ? asked : token.scopes();
        }
    }

    public Optional<Grant> find(String id) {
        return Optional.ofNullable(entities.find(Grant.class, id)).map(this::current);
    }

    /**
     * The grant that stands for a subject.
     *
     * @param accountId which of the subject's accounts; null for the best one: a live one before an ended one, then the
     *     one that changed last
     */
    public Optional<Grant> find(String connector, String subject, @Nullable String accountId) {
        return ofSubject(connector, subject).stream()
                .filter(grant -> accountId == null || grant.accountId().equals(accountId))
                .map(this::current)
                .min(bestFirst());
    }

    /** The grants that stand for many subjects, asked for in one query; subjects without any are left out. */
    public Map<String, Grant> find(String connector, Collection<String> subjects) {
        if (subjects.isEmpty()) {
            return Map.of();
        }
        List<Grant> all = entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject IN :subjects"
                                // What lapsed is locked, in one order by everybody.
                                + " ORDER BY g.id",
                        Grant.class)
                .setParameter("connector", connector)
                .setParameter("subjects", subjects)
                .getResultList();
        return all.stream()
                .map(this::current)
                .collect(Collectors.toMap(Grant::subject, grant -> grant, BinaryOperator.minBy(bestFirst())));
    }

    /** A live one before an ended one, then the one that changed last. */
    private Comparator<Grant> bestFirst() {
        Instant now = clock.instant();
        return Comparator.comparing((Grant grant) -> grant.status(now) != GrantStatus.ACTIVE)
                .thenComparing(Grant::updatedAt, Comparator.reverseOrder());
    }

    /**
     * Keeps what an exchange brought: the one grant of this connector, subject and account is made or renewed, and its
     * history says so.
     *
     * @throws jakarta.persistence.PersistenceException when another call made or changed the same grant at the same
     *     time; the caller may try again in a new transaction
     */
    public Grant record(Received received, String actor) {
        return record(received, actor, null);
    }

    /**
     * The same, where the chat user has still to show that it was them: a grant that is not active becomes
     * {@link GrantStatus#UNCONFIRMED}. One that is active was accepted before, with this very account, and stays so;
     * only where the provider does not tell the account does that prove nothing, and the grant waits as well.
     *
     * @param confirmBy when the tokens are destroyed unless somebody confirms; null when there is nothing to confirm
     */
    public Grant record(Received received, String actor, @Nullable Instant confirmBy) {
        return record(received, actor, confirmBy, null);
    }

    /**
     * The same, where a code confirms.
     *
     * @param code what the chat user will hand over; null where it is not a code that confirms
     */
    public Grant record(Received received, String actor, @Nullable Instant confirmBy, @Nullable ConfirmationCode code) {
        return record(received, actor, confirmBy, code, GrantEventKind.GRANTED);
    }

    /**
     * Keeps tokens that came from elsewhere.
     *
     * @return empty when the subject has a grant that is alive, whatever its account: nobody's doing is undone
     */
    public Optional<Grant> storeImport(Received received, String actor) {
        return isLive(received.connector(), received.subject())
                ? Optional.empty()
                : Optional.of(record(received, actor, null, null, GrantEventKind.IMPORTED));
    }

    /** Whether a subject has a grant that is active, or waits for its user. */
    public boolean isLive(String connector, String subject) {
        Instant now = clock.instant();
        return ofSubject(connector, subject).stream().anyMatch(grant -> grant.isLive(now));
    }

    private Grant record(
            Received received,
            String actor,
            @Nullable Instant confirmBy,
            @Nullable ConfirmationCode code,
            GrantEventKind beginning) {
        Instant now = clock.instant();
        Optional<Grant> known = ofSubject(received.connector(), received.subject()).stream()
                .filter(grant -> grant.accountId().equals(received.accountId()))
                .findFirst();
        boolean wasActive = known.isPresent() && known.get().status(now) == GrantStatus.ACTIVE;
        Grant grant = known.orElseGet(
                () -> new Grant(newId(), received.connector(), received.subject(), received.accountId(), now));
        TokenResponse token = received.token();
        // RFC 6749 section 5.1 leaves it out at will: Google, for one, gives a refresh token only at the first consent.
        boolean keeps = token.refreshToken() == null
                && grant.isLive(now)
                && !grant.accountId().isEmpty();
        Sealed kept = keeps && grant.isRefreshable() ? grant.refreshToken() : null;
        grant.renew(
                received.account(),
                received.granted(),
                setOf(received.connector(), received.granted()),
                vault.seal(token.accessToken().value(), grant.accessTokenPlace()),
                token.refreshToken() == null
                        ? kept
                        : vault.seal(token.refreshToken().value(), grant.refreshTokenPlace()),
                token.tokenType(),
                token.expiresIn(),
                now);
        boolean accepted = wasActive && !grant.accountId().isEmpty();
        if (confirmBy != null && !accepted) {
            grant.awaitConfirmation(confirmBy, code);
        }
        if (known.isEmpty()) {
            entities.persist(grant);
        } else {
            revocations.drop(grant);
        }
        GrantEventKind kind = wasActive ? GrantEventKind.CHANGED : beginning;
        var event = new GrantEvent(newId(), grant.id(), now, kind, actor, received.asked(), received.granted(), null);
        write(new GrantEventRecorded(grant, event, received.invitation()));
        // Now, not at commit: a clash with another call must reach the caller as what it is.
        entities.flush();
        holdings.replace(grant, received.holdings());
        return grant;
    }

    /** Writes down that the user was asked again and refused. */
    public void recordRefusal(Grant grant, Scopes asked) {
        write(grant, GrantEventKind.REFUSED, "user", asked, Scopes.NONE);
    }

    /**
     * The chat user showed that it was them.
     *
     * @param actor who says so, as histories name it
     * @return whether the grant is active now; false when its time was over, or somebody had ended it
     */
    public boolean confirm(String id, String actor) {
        Instant now = clock.instant();
        Grant grant = entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (grant == null) {
            return false;
        }
        if (grant.status(now) == GrantStatus.UNCONFIRMED) {
            grant.confirm(now);
            write(grant, GrantEventKind.CONFIRMED, actor, Scopes.NONE, grant.granted());
        }
        return grant.status(now) == GrantStatus.ACTIVE;
    }

    /** What a code was worth. */
    public enum CodeAnswer {
        /** The grant is active; it may have been before. */
        CONFIRMED,
        /** Not the code; the chat user may try again. */
        WRONG,
        /** Not the code, once too often: the tokens are destroyed. */
        WRONG_AND_OVER,
        /** Nothing waits for a code: nobody finished, or its time or its tries are over. */
        NOTHING_WAITS
    }

    /**
     * What came of a code.
     *
     * @param grant the one that is confirmed now; null for none
     * @param triesLeft after a wrong code
     */
    public record CodeResult(CodeAnswer answer, @Nullable Grant grant, int triesLeft) {}

    /** The bot passes on the code of one grant. */
    public CodeResult confirm(String id, ConfirmationCode code, String actor) {
        Grant grant = entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE);
        return confirm(grant == null ? List.of() : List.of(grant), code, actor);
    }

    /**
     * The bot passes on a code that its chat user typed, whichever of the subject's grants it is for.
     *
     * @return never an answer about the grant of another subject, which is what catches a forwarded link
     */
    public CodeResult confirmFor(String connector, String subject, ConfirmationCode code, String actor) {
        // In one order, so that two calls do not wait for each other.
        return confirm(
                entities.createQuery(
                                "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject = :subject"
                                        + " AND g.confirmCodeHash IS NOT NULL ORDER BY g.id",
                                Grant.class)
                        .setParameter("connector", connector)
                        .setParameter("subject", subject)
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList(),
                code,
                actor);
    }

    private CodeResult confirm(List<Grant> candidates, ConfirmationCode code, String actor) {
        Instant now = clock.instant();
        candidates.forEach(this::current);
        for (Grant grant : candidates) {
            if (grant.takes(code)) {
                if (grant.awaitsCode(now)) {
                    grant.confirm(now);
                    write(grant, GrantEventKind.CONFIRMED, actor, Scopes.NONE, grant.granted());
                }
                return new CodeResult(CodeAnswer.CONFIRMED, grant, 0);
            }
        }
        int left = -1;
        for (Grant grant : candidates) {
            if (grant.awaitsCode(now)) {
                int remaining = CODE_TRIES - grant.missed();
                left = Math.max(left, remaining);
                if (remaining <= 0) {
                    drop(grant);
                }
            }
        }
        CodeAnswer answer =
                left < 0 ? CodeAnswer.NOTHING_WAITS : left == 0 ? CodeAnswer.WRONG_AND_OVER : CodeAnswer.WRONG;
        return new CodeResult(answer, null, Math.max(left, 0));
    }

    /**
     * Destroys the tokens of grants that nobody confirmed in time. Anyone may call it at any time; until then such a
     * grant reads as revoked and yields nothing.
     *
     * @return how many there were; at most 200 are taken at once
     */
    public int dropUnconfirmed() {
        List<Grant> lapsed = entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.status = :unconfirmed AND g.confirmBy <= :now ORDER BY g.id",
                        Grant.class)
                .setParameter("unconfirmed", GrantStatus.UNCONFIRMED)
                .setParameter("now", clock.instant())
                .setMaxResults(LONGEST_PAGE)
                .getResultList();
        lapsed.forEach(this::current);
        return lapsed.size();
    }

    /**
     * Writes down which lifetimes are over. Anyone may call it at any time; until then such a grant reads as expired and
     * yields nothing. What another node is writing down at the moment is left to it.
     */
    public void expireOver() {
        List<?> ids;
        do {
            ids = entities.createNativeQuery("SELECT id FROM user_grant WHERE status = 'ACTIVE' AND refreshable = FALSE"
                            // A beginning too: H2's indexes begin with the grants that never expire.
                            + " AND expires_at BETWEEN ? AND ? FETCH FIRST " + LONGEST_PAGE + " ROWS ONLY"
                            + LimitedUpdate.SKIP_LOCKED)
                    .setParameter(1, Timestamp.from(Instant.EPOCH))
                    .setParameter(2, Timestamp.from(clock.instant()))
                    .getResultList();
            ids.forEach(id -> expire(entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE)));
            entities.flush();
        } while (ids.size() == LONGEST_PAGE);
    }

    public void expire(Grant grant) {
        grant.expire(clock.instant());
        write(grant, GrantEventKind.EXPIRED, GRANTBOOK, Scopes.NONE, Scopes.NONE);
    }

    /**
     * Writes down that the provider took the grant's token.
     *
     * @param seen the grant as it was when the provider was asked; about another token, this says nothing
     * @param when the moment before the provider was asked
     */
    public void recordProof(Grant seen, Instant when) {
        // In SQL, since JPA would count the version up: nobody's view of the grant changes, and an exchange that goes
        // on at
        // the same time must not fail.
        lockWithTokenOf(seen)
                .ifPresent(grant -> LimitedUpdate.query(
                                entities,
                                "UPDATE user_grant SET verified_at = ? WHERE id = ?"
                                        + " AND (verified_at IS NULL OR verified_at < ?)",
                                when,
                                grant.id(),
                                when)
                        .executeUpdate());
    }

    /** The grant as it is now, if it is active and nobody has replaced its access token since it was seen. */
    Optional<Grant> lockWithTokenOf(Grant seen) {
        return Optional.ofNullable(entities.find(Grant.class, seen.id(), LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.status(clock.instant()) == GrantStatus.ACTIVE && haveSameToken(grant, seen));
    }

    /** Whether nobody has replaced the access token between two looks at a grant; a rotation of keys only seals it anew. */
    public boolean haveSameToken(Grant one, Grant other) {
        Sealed its = one.accessToken();
        Sealed others = other.accessToken();
        if (its == null || others == null) {
            return false;
        }
        return its.equals(others)
                || vault.open(its, one.accessTokenPlace()).equals(vault.open(others, other.accessTokenPlace()));
    }

    /**
     * Ends a grant whose token the provider no longer takes; where another token can be got, only the token has ended.
     *
     * @param seen the grant as it was when the provider was asked; when it got another token since, that one stays
     */
    public void recordRejection(Grant seen) {
        recordRejection(seen, EndReason.TOKEN_REJECTED, PROVIDER);
    }

    /**
     * The same where only a call was refused and the provider has no way to be asked: it does not have to know of an end,
     * and is told.
     *
     * @param seen the grant as it was when its token was used
     */
    public void callRefused(Grant seen) {
        recordRejection(seen, EndReason.CALL_REFUSED, GRANTBOOK);
    }

    private void recordRejection(Grant seen, EndReason why, String actor) {
        Grant grant = lockWithTokenOf(seen).orElse(null);
        Instant now = clock.instant();
        if (grant == null) {
            return;
        }
        if (grant.isRefreshable()) {
            grant.accessTokenRefused(why, now);
        } else {
            end(grant, why, GrantEventKind.REJECTED, actor);
        }
    }

    /**
     * Ends a grant and destroys its tokens.
     *
     * @return what its provider has still to be told, see {@link Revocations}; empty when there is nothing, or no way to tell it
     */
    public Optional<String> disconnect(String id, String actor) {
        return disconnect(id, actor, grant -> {});
    }

    /**
     * The same for somebody who wants it only as the grant is now.
     *
     * @param check is shown the grant while nobody else can change it; what it throws keeps the grant alive
     */
    public Optional<String> disconnect(String id, String actor, Consumer<Grant> check) {
        EndReason why = actor.equals(PROVIDER) ? EndReason.WITHDRAWN : EndReason.DISCONNECTED;
        Optional<Grant> living = living(id);
        living.ifPresent(check);
        Optional<String> untold = living.flatMap(grant -> end(grant, why, GrantEventKind.DISCONNECTED, actor));
        untold.ifPresent(revocations::reserve);
        return untold;
    }

    /**
     * Ends a grant and destroys its tokens, unless a bot got one after that moment. Its provider is told by the next round of
     * {@link Disconnection}.
     *
     * @return whether it was ended by this call
     */
    public boolean giveUp(String id, Instant unusedSince) {
        Optional<Grant> unused = living(id).filter(grant -> grant.isUnusedSince(unusedSince));
        unused.ifPresent(grant -> end(grant, EndReason.UNUSED, GrantEventKind.DISCONNECTED, GRANTBOOK));
        return unused.isPresent();
    }

    /** Locked: a refresh that goes on at the same time comes before or after, and its tokens are not lost. */
    private Optional<Grant> living(String id) {
        return Optional.ofNullable(entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.status(clock.instant()) != GrantStatus.REVOKED);
    }

    /**
     * Removes a grant, with all that came with it. Whoever listens is told, the provider of what still lived too, and nothing says any
     * more that it was there.
     */
    public void forget(Grant grant) {
        write(grant, GrantEventKind.ERASED, GRANTBOOK, Scopes.NONE, Scopes.NONE);
        revocations.outlive(grant, holdings.of(grant.id()));
        // Its words, history and holdings go with it.
        entities.remove(grant);
    }

    /**
     * The access token in clear, for a bot that may have it; where the grant {@linkplain Grant#isSigning signs}, its key, which
     * no bot gets. Empty unless the grant is active, and when the token is too old and another one has to be got first.
     */
    public Optional<Secret> accessToken(Grant grant) {
        Instant now = clock.instant();
        if (grant.status(now) != GrantStatus.ACTIVE || grant.isOver(now)) {
            return Optional.empty();
        }
        return Optional.ofNullable(open(grant.accessToken(), grant.accessTokenPlace()));
    }

    /** The ids of some grants with tokens that no bot has got since a moment, those that were used longest ago first. */
    public List<String> findUnused(String connector, Instant since) {
        return entities.createQuery(
                        "SELECT g.id FROM Grant g WHERE g.connector = :connector AND g.usedAt < :since ORDER BY g.usedAt",
                        String.class)
                .setParameter("connector", connector)
                .setParameter("since", since)
                .setMaxResults(LONGEST_PAGE)
                .getResultList();
    }

    /** Writes down that bots get tokens at this moment. In SQL, since JPA would count the versions up: nothing of the grants changes. */
    public void recordUse(List<String> ids, Instant before) {
        var values = new ArrayList<Object>(ids);
        values.add(before);
        // What somebody else changes at the moment is passed over: nobody who wants a token waits for this.
        List<?> free = LimitedUpdate.query(
                        entities,
                        "SELECT id FROM user_grant WHERE id IN " + LimitedUpdate.marks(ids) + " AND used_at < ?"
                                + LimitedUpdate.SKIP_LOCKED,
                        values.toArray())
                .getResultList();
        if (!free.isEmpty()) {
            var counted = new ArrayList<Object>(free);
            counted.add(0, clock.instant());
            LimitedUpdate.query(
                            entities,
                            "UPDATE user_grant SET used_at = ? WHERE id IN " + LimitedUpdate.marks(free),
                            counted.toArray())
                    .executeUpdate();
        }
    }

    /** Latest first. */
    public List<GrantEvent> history(String grantId) {
        return entities.createQuery(
                        "SELECT e FROM GrantEvent e WHERE e.grantId = :grant ORDER BY e.at DESC,"
                                // Comes of the end that is written down at the same moment.
                                + " CASE WHEN e.kind = :told OR e.kind = :notTold THEN 0 ELSE 1 END, e.id",
                        GrantEvent.class)
                .setParameter("grant", grantId)
                .setParameter("told", GrantEventKind.PROVIDER_TOLD)
                .setParameter("notTold", GrantEventKind.PROVIDER_NOT_TOLD)
                .setMaxResults(500)
                .getResultList();
    }

    /** One page of a list; fast however long the list is and however far down the page. */
    public Page page(GrantQuery query) {
        if (query.status() != null) {
            dropUnconfirmed();
            expireOver();
        }
        return search.page(query);
    }

    /** How many grants have a status, counted up to a limit: beyond that, nobody needs the exact number. */
    public int count(GrantStatus status, int limit) {
        dropUnconfirmed();
        expireOver();
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

    /** The grant as it is now: what nobody confirmed in time loses its tokens as soon as somebody looks. */
    private Grant current(Grant grant) {
        if (grant.isLapsed(clock.instant())) {
            // Others may be looking too; whoever comes second finds it done.
            entities.refresh(grant, LockModeType.PESSIMISTIC_WRITE);
            if (grant.isLapsed(clock.instant())) {
                drop(grant);
            }
        }
        return grant;
    }

    private void drop(Grant grant) {
        end(grant, EndReason.UNCONFIRMED, GrantEventKind.UNCONFIRMED, GRANTBOOK);
    }

    /** Whatever ends a grant ends what came with it, and its provider is told unless it knows. */
    private Optional<String> end(Grant grant, EndReason why, GrantEventKind kind, String actor) {
        Sealed access = grant.accessToken();
        Sealed refresh = grant.refreshToken();
        grant.revoke(why, clock.instant());
        if (why.isToBeTold()) {
            revocations.add(grant, holdings.of(grant.id()));
        }
        holdings.forget(grant);
        write(grant, kind, actor, Scopes.NONE, Scopes.NONE);
        return why.isToBeTold() ? revocations.add(grant, access, refresh) : Optional.empty();
    }

    public GrantedSet setOf(String connector, Scopes scopes) {
        String id = GrantedSet.idOf(connector, scopes);
        GrantedSet known = entities.find(GrantedSet.class, id);
        if (known != null) {
            return known;
        }
        // Others may be about to make the same one: whoever has the connector's row makes it, and they find it.
        LimitedUpdate.lock(entities, "connector", connector);
        known = entities.find(GrantedSet.class, id);
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

    public void write(Grant grant, GrantEventKind kind, String actor, Scopes asked, Scopes granted) {
        EndReason why = ENDS.contains(kind) ? grant.reason(clock.instant()) : null;
        write(grant, kind, actor, asked, granted, why);
    }

    /** Something that we did by ourselves. */
    public void write(Grant grant, GrantEventKind kind, @Nullable EndReason why) {
        write(grant, kind, GRANTBOOK, Scopes.NONE, Scopes.NONE, why);
    }

    private void write(
            Grant grant, GrantEventKind kind, String actor, Scopes asked, Scopes granted, @Nullable EndReason why) {
        var event = new GrantEvent(newId(), grant.id(), clock.instant(), kind, actor, asked, granted, why);
        write(new GrantEventRecorded(grant, event, null));
    }

    private void write(GrantEventRecorded what) {
        entities.persist(what.event());
        happened.fire(what);
    }

    @Nullable
    public Secret open(@Nullable Sealed sealed, String place) {
        return sealed == null ? null : new Secret(vault.open(sealed, place));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
