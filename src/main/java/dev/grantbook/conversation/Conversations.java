package dev.grantbook.conversation;

import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.lifecycle.GrantIssuing;
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

    /** What stands between the parts of a code. */
    private static final String DELIMITER = "|";

    /** An exchange asks the provider for the token, the account, the permissions and what else there is. */
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
     * Drops the conversations that led to an account, with what is sealed in them. To be called while the account's
     * grants still say whose they are.
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
     * @param redirectUri where it arrived; null for the connector's own redirect URI
     * @param until when it is no longer worth trying
     */
    record Code(
            Secret value,
            @Nullable Secret verifier,
            @Nullable URI redirectUri,
            Instant until) {}

    /** What a call that would exchange the code finds. */
    sealed interface Claim {

        /** The code is this call's, and nobody else gets it. */
        record Claimed(Code code) implements Claim {}

        /** Another call is exchanging it at this moment. */
        record ClaimedElsewhere() implements Claim {}

        /** It waited too long, or whoever exchanged it never came back; it is forgotten. */
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

    /** Keeps a code in place of whatever code there was. */
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

    /** Claims the code for one call: however many ask at once, on whatever node, one gets it. */
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

    /** Gives a claimed code back: the provider could not be asked. */
    void release(String id, Code code) {
        changeClaimed(id, conversation -> conversation.releaseCode(code.until()));
    }

    /**
     * Stores the grant that a claimed code led to and spends the code, both or neither.
     *
     * @param code confirms the grant; empty where nothing has to be confirmed
     * @return empty when the conversation was erased: who asked for that wants no grant of it either
     */
    Optional<Grant> store(String id, Grants.Received received, Optional<ConfirmationCode> code) {
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

    /** The provider refused the claimed code. */
    void recordRejection(String id) {
        changeClaimed(id, conversation -> conversation.forgetCode(clock.instant()));
    }

    /** A new code, or a log-out, may have come while the provider was asked; it has the last word. */
    private void changeClaimed(String id, Consumer<Conversation> change) {
        Conversation conversation = lock(id);
        if (conversation != null && conversation.codeStatus() == CodeStatus.CLAIMED) {
            change.accept(conversation);
        }
    }

    /** The code as it came, part by part; empty when there is none. */
    List<String> parts(Conversation conversation) {
        Sealed sealed = conversation.authCode();
        return sealed == null ? List.of() : split(vault.open(sealed, conversation.codeAssociatedData()));
    }

    /** A delimiter at an end leaves an empty part, which the platform may mean. */
    static List<String> split(String code) {
        return List.of(code.split(Pattern.quote(DELIMITER), -1));
    }

    /**
     * Keeps a token that the platform already holds, in place of whatever token there was.
     *
     * @param lifetime null when the platform does not know
     * @param scopes null when the platform does not know
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

    /** The delivered token in clear. */
    Optional<Secret> token(Conversation conversation) {
        return Optional.ofNullable(conversation.accessToken())
                .map(kept -> new Secret(vault.open(kept, conversation.tokenAssociatedData())));
    }

    /** @param seen the conversation as it was when the provider was asked; a token that came since is not meant */
    void recordVerification(Conversation seen, @Nullable String accountId, @Nullable String accountName) {
        changeToken(seen, found -> found.verifyDelivered(accountId, accountName, clock.instant()));
    }

    /** @param seen the conversation as it was when the token turned out to be of no use */
    void forgetToken(Conversation seen) {
        changeToken(seen, found -> found.forgetDelivered(clock.instant()));
    }

    private void changeToken(Conversation seen, Consumer<Conversation> change) {
        Conversation conversation = lock(seen.id());
        if (Objects.equals(conversation.accessToken(), seen.accessToken())) {
            change.accept(conversation);
        }
    }

    public void linkTo(String id, GrantId grantId) {
        lock(id).linkTo(grantId, clock.instant());
    }

    /** @param notifier the connector whose webhook proved the link */
    public void linkTo(String id, GrantId grantId, ConnectorId notifier) {
        lock(id).linkTo(grantId, notifier, clock.instant());
    }

    /** The conversations in Messenger with a chat user that a connector's webhook speaks of. */
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

    /** Forgets code, token and grant; the links that are still out lead to new ones. */
    void forget(String id) {
        lock(id).forget(clock.instant());
    }

    Conversation lock(String id) {
        return entities.find(Conversation.class, id, LockModeType.PESSIMISTIC_WRITE);
    }
}
