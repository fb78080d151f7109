package dev.grantbook.conversation;

import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All conversations; each method is one transaction, and none of them waits for a provider. */
@ApplicationScoped
@Transactional
public class Conversations {

    /** RFC 6749 section 4.1.2 recommends that no code lives longer. */
    static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

    /** How long the chat user may take to confirm. */
    private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(10);

    /** Between the parts of a code. */
    private static final String DELIMITER = "|";

    /** Calls that an exchange may make: token, account, permissions, secondary tokens. */
    private static final int CALLS_OF_AN_EXCHANGE = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantIssuing issuing;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    @Inject
    Settings settings;

    /**
     * Deletes the conversations of an account. Must be called before the account's grants are erased, since it finds
     * conversations by them.
     */
    public void forget(Collection<ConnectorId> connectors, String accountId) {
        if (connectors.isEmpty()) {
            return;
        }
        entities.createQuery("DELETE FROM Conversation c WHERE c.connector IN :connectors AND (c.accountId = :account"
                        + " OR c.subject = :account OR c.grantId IN (SELECT g.id FROM Grant g"
                        + " WHERE g.connector IN :connectors AND g.accountId = :account))")
                .setParameter("connectors", TypedId.values(connectors))
                .setParameter("account", accountId)
                .executeUpdate();
    }

    /**
     * An authorization code, ready to be exchanged.
     *
     * @param redirectUri null for the connector's own redirect URI
     * @param until the end of its lifetime
     */
    record Code(
            Secret value,
            @Nullable Secret verifier,
            @Nullable URI redirectUri,
            Instant until) {}

    /** Result of {@link #claim}. */
    sealed interface Claim {

        record Claimed(Code code) implements Claim {}

        record ClaimedElsewhere() implements Claim {}

        /** The code, or the claim of an interrupted exchange, lapsed; the code is dropped. */
        record TooLate() implements Claim {}

        record Nothing() implements Claim {}
    }

    public Optional<Conversation> find(Conversation.ConversationKey key) {
        return query(key).getResultStream().findFirst();
    }

    public Optional<Conversation> find(String id) {
        return Optional.ofNullable(entities.find(Conversation.class, id));
    }

    /**
     * The conversation with this user; made when it is the first we hear of it.
     *
     * @throws jakarta.persistence.PersistenceException when another call made it at the same time; the caller may try
     *     again in a new transaction
     */
    public Conversation open(Conversation.ConversationKey key, Subject subject) {
        Instant now = clock.instant();
        Optional<Conversation> known = query(key)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
        if (known.isPresent()) {
            known.get().belongsTo(subject.value(), now);
            known.get().recordQuestion(now);
            return known.get();
        }
        var made = new Conversation(UUID.randomUUID().toString(), key, subject, now);
        entities.persist(made);
        // Now, not at commit: a clash with another call must reach the caller as what it is.
        entities.flush();
        return made;
    }

    private TypedQuery<Conversation> query(Conversation.ConversationKey key) {
        return entities.createQuery(
                        "SELECT c FROM Conversation c WHERE c.connector = :connector AND c.channel = :channel"
                                + " AND c.session = :session",
                        Conversation.class)
                .setParameter("connector", key.connector().value())
                .setParameter("channel", key.channel())
                .setParameter("session", key.session());
    }

    /** Replaces the authorization code. */
    public void keepCode(String id, Secret code, @Nullable Secret verifier, @Nullable URI redirectUri) {
        Conversation conversation = lock(id);
        Instant now = clock.instant();
        conversation.keepCode(
                vault.seal(code.value(), conversation.codeAssociatedData()),
                verifier == null ? null : vault.seal(verifier.value(), conversation.verifierAssociatedData()),
                redirectUri,
                now.plus(CODE_LIFETIME),
                now);
    }

    /** Claims the code for one call of all nodes. */
    Claim claim(String id) {
        Conversation conversation = lock(id);
        CodeStatus status = conversation.codeStatus();
        if (status == CodeStatus.NONE || status == CodeStatus.SPENT) {
            return new Claim.Nothing();
        }
        Instant now = clock.instant();
        Instant until = Objects.requireNonNull(conversation.codeUntil());
        if (!until.isAfter(now)) {
            conversation.forgetCode(now);
            return new Claim.TooLate();
        }
        if (status == CodeStatus.CLAIMED) {
            return new Claim.ClaimedElsewhere();
        }
        Secret code = new Secret(parts(conversation).get(0));
        Sealed verifier = conversation.codeVerifier();
        conversation.claimCode(now.plus(settings.provider().timeout().multipliedBy(CALLS_OF_AN_EXCHANGE)));
        return new Claim.Claimed(new Code(
                code,
                verifier == null ? null : new Secret(vault.open(verifier, conversation.verifierAssociatedData())),
                conversation.redirectUri(),
                until));
    }

    void release(String id, Code code) {
        changeClaimed(id, conversation -> conversation.releaseCode(code.until()));
    }

    /**
     * Stores the grant of a claimed code and spends the code, both or neither.
     *
     * @param code confirms the grant; empty where nothing has to be confirmed
     * @return empty when the conversation was erased meanwhile
     */
    Optional<Grant> store(String id, ReceivedTokens received, Optional<ConfirmationCode> code) {
        Conversation conversation = lock(id);
        if (conversation == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Grant grant = issuing.record(
                received, "user", code.isPresent() ? now.plus(CONFIRMED_WITHIN) : null, code.orElse(null));
        if (conversation.codeStatus() == CodeStatus.CLAIMED) {
            conversation.spendCode(grant.id(), parts(conversation).size() > 1, now);
        }
        return Optional.of(grant);
    }

    void recordRejection(String id) {
        changeClaimed(id, conversation -> conversation.forgetCode(clock.instant()));
    }

    /** Changes nothing when a new code or a log-out came during the exchange. */
    private void changeClaimed(String id, Consumer<Conversation> change) {
        Conversation conversation = lock(id);
        if (conversation != null && conversation.codeStatus() == CodeStatus.CLAIMED) {
            change.accept(conversation);
        }
    }

    /** The parts of the code; empty when there is none. */
    List<String> parts(Conversation conversation) {
        Sealed sealed = conversation.authCode();
        return sealed == null ? List.of() : split(vault.open(sealed, conversation.codeAssociatedData()));
    }

    /** Keeps empty parts at the ends, which the platform may mean. */
    static List<String> split(String code) {
        return List.of(code.split(Pattern.quote(DELIMITER), -1));
    }

    /**
     * Replaces the delivered token.
     *
     * @param lifetime null when unknown
     * @param scopes null when unknown
     */
    void keepToken(String id, Secret token, @Nullable Duration lifetime, @Nullable Scopes scopes) {
        Conversation conversation = lock(id);
        Instant now = clock.instant();
        conversation.keepDelivered(
                vault.seal(token.value(), conversation.tokenAssociatedData()),
                scopes,
                lifetime == null ? null : now.plus(lifetime),
                now);
    }

    Optional<Secret> token(Conversation conversation) {
        return Optional.ofNullable(conversation.accessToken())
                .map(kept -> new Secret(vault.open(kept, conversation.tokenAssociatedData())));
    }

    void recordVerification(Conversation seen, @Nullable String accountId, @Nullable String accountName) {
        changeToken(seen, found -> found.verifyDelivered(accountId, accountName, clock.instant()));
    }

    void forgetToken(Conversation seen) {
        changeToken(seen, found -> found.forgetDelivered(clock.instant()));
    }

    /** Changes nothing when another token was delivered since the conversation was read. */
    private void changeToken(Conversation seen, Consumer<Conversation> change) {
        Conversation conversation = lock(seen.id());
        if (Objects.equals(conversation.accessToken(), seen.accessToken())) {
            change.accept(conversation);
        }
    }

    public void linkTo(String id, GrantId grantId) {
        lock(id).linkTo(grantId, clock.instant());
    }

    public void linkTo(String id, GrantId grantId, ConnectorId notifier) {
        lock(id).linkTo(grantId, notifier, clock.instant());
    }

    /** Conversations in Messenger whose end a connector's webhook reports. */
    public List<Conversation> findLinkedBy(ConnectorId notifier, String session) {
        return entities.createQuery(
                        "SELECT c FROM Conversation c WHERE c.session = :session AND c.channel = :channel"
                                + " AND (c.connector = :notifier OR c.linkedBy = :notifier)",
                        Conversation.class)
                .setParameter("session", session)
                .setParameter("channel", Channel.FACEBOOK)
                .setParameter("notifier", notifier.value())
                .getResultList();
    }

    /** Drops code, token and grant; links that are still open lead to new ones. */
    void forget(String id) {
        lock(id).forget(clock.instant());
    }

    Conversation lock(String id) {
        return entities.find(Conversation.class, id, LockModeType.PESSIMISTIC_WRITE);
    }
}
