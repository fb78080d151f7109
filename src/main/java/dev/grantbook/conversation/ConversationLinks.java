package dev.grantbook.conversation;

import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All links of conversations; each method is one transaction. */
@ApplicationScoped
@Transactional
public class ConversationLinks {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Conversations conversations;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    /** A new link with its handle, of which only the hash is kept. */
    public record IssuedLink(ConversationLink link, Secret handle) {}

    public record Found(ConversationLink link, Conversation conversation) {}

    public IssuedLink issue(
            Conversation conversation, @Nullable String returnTo, @Nullable Locale locale, Duration lifetime) {
        Instant now = clock.instant();
        entities.createQuery("DELETE FROM ConversationLink l WHERE l.conversation = :id AND l.expiresAt <= :now")
                .setParameter("id", conversation.id())
                .setParameter("now", now)
                .executeUpdate();
        var link = new ConversationLink(
                UUID.randomUUID().toString(), conversation, returnTo, locale, now, now.plus(lifetime));
        Secret handle = newHandle(link);
        entities.persist(link);
        return new IssuedLink(link, handle);
    }

    /** Return URL of the link's attempt; it holds no secret. */
    String returnPath(String link) {
        return settings.publicUrl(Attempt.CONVERSATION_RETURN + link).toString();
    }

    void leadsThrough(String link, String invitation) {
        lock(link).leadsThrough(invitation);
    }

    public Optional<Found> find(Secret handle) {
        return open("handleHash", handle.hash());
    }

    public Optional<Found> find(String id) {
        return open("id", id);
    }

    /** The open link that leads through an invitation. */
    public Optional<Found> findByInvitation(String invitation) {
        return open("invitation", invitation);
    }

    private Optional<Found> open(String what, String value) {
        return entities.createQuery(
                        "SELECT l FROM ConversationLink l WHERE l." + what + " = :value", ConversationLink.class)
                .setParameter("value", value)
                .getResultStream()
                .findFirst()
                .filter(link -> link.isOpen(clock.instant()))
                .map(this::find);
    }

    private Found find(ConversationLink link) {
        return new Found(link, entities.find(Conversation.class, link.conversation()));
    }

    /** Keeps Messenger's redirect URI, which holds a token of Messenger's. */
    public void finishesAt(String id, URI redirect) {
        ConversationLink link = lock(id);
        link.finishesAt(vault.seal(redirect.toString(), link.finishAssociatedData()));
    }

    Optional<URI> finishAt(ConversationLink link) {
        return Optional.ofNullable(link.finishAt())
                .map(kept -> URI.create(vault.open(kept, link.finishAssociatedData())));
    }

    /** @return a new handle, for the closing page */
    public Secret ends(String id, LinkEnd ending, @Nullable GrantId grantId) {
        ConversationLink link = lock(id);
        link.ends(ending, grantId);
        return newHandle(link);
    }

    /** Result of {@link #receive}. */
    public sealed interface Receipt {

        /** @param handle of the closing page */
        record LinkUsed(Found found, Secret handle) implements Receipt {}

        /** The link had ended before, is over its time, or belongs to another channel: nothing changes. */
        record LinkOver() implements Receipt {}

        /** No open link has this handle. */
        record LinkUnknown() implements Receipt {}
    }

    /**
     * Ends the link of a handle, once, and keeps the authorization code that arrived with it, both or neither.
     *
     * @param within the most time between the making of the link and this call
     * @param code null for none
     * @param redirectUri null for the connector's own redirect URI
     */
    public Receipt receive(
            Secret handle, Channel channel, Duration within, @Nullable Secret code, @Nullable URI redirectUri) {
        Instant now = clock.instant();
        Optional<ConversationLink> open = entities.createQuery(
                        "SELECT l FROM ConversationLink l WHERE l.handleHash = :hash", ConversationLink.class)
                .setParameter("hash", handle.hash())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .filter(link -> link.isOpen(now));
        if (open.isEmpty()) {
            return new Receipt.LinkUnknown();
        }
        Found found = find(open.get());
        ConversationLink link = found.link();
        boolean first = link.ending() == null
                && link.createdAt().plus(within).isAfter(now)
                && found.conversation().channel() == channel;
        if (!first) {
            return new Receipt.LinkOver();
        }
        link.ends(code == null ? LinkEnd.NOT_LINKED : LinkEnd.CODE_RECEIVED, null);
        if (code != null) {
            conversations.keepCode(found.conversation().id(), code, null, redirectUri);
        }
        // A log-in page of the operator may be loaded again with its handle. A state is used once.
        return new Receipt.LinkUsed(found, channel == Channel.WEB ? handle : newHandle(link));
    }

    private Secret newHandle(ConversationLink link) {
        Secret handle = Secret.random(random);
        link.setHandleHash(handle.hash());
        return handle;
    }

    /** Issues a one-time code for the link's grant. */
    public Secret handOutCode(String id) {
        Secret code = Secret.random(random);
        lock(id).handOut(code.hash(), clock.instant().plus(Conversations.CODE_LIFETIME));
        return code;
    }

    /**
     * Redeems a one-time code.
     *
     * @param session of the code's conversation in Messenger; another one leaves the code unused
     */
    public Optional<Found> redeemCode(Secret code, String session) {
        Optional<Found> found = entities.createQuery(
                        "SELECT l FROM ConversationLink l WHERE l.codeHash = :hash", ConversationLink.class)
                .setParameter("hash", code.hash())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .filter(link -> link.takesCode(clock.instant()))
                .map(this::find)
                .filter(candidate -> candidate.conversation().channel() == Channel.FACEBOOK
                        && candidate.conversation().session().equals(session));
        found.ifPresent(one -> one.link().useCode());
        return found;
    }

    private ConversationLink lock(String id) {
        return entities.find(ConversationLink.class, id, LockModeType.PESSIMISTIC_WRITE);
    }
}
