package dev.grantbook.conversation;

import dev.grantbook.id.GrantId;
import dev.grantbook.platform.json.WireName;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A link that was sent in a conversation.
 *
 * <p>Its <b>handle</b> is the secret that identifies a returning browser: for the web the last part of
 * {@code /linked/…}, for Apple the state. Once there is an <b>ending</b>, the handle only shows the closing page. For
 * Facebook the link also keeps Messenger's redirect URI, and the one-time <b>code</b> that was sent there.
 */
@Entity
@Table(name = "conversation_link")
public class ConversationLink {

    public enum LinkEnd implements WireName {
        /** The bot can go on. */
        LINKED,
        /** Something that is needed was not granted. */
        MISSING_SCOPES,
        /** An authorization code arrived; the bot's next question exchanges it. */
        CODE_RECEIVED,
        /** Nothing was granted. */
        NOT_LINKED;
    }

    @Id
    private String id = "";

    private String conversation = "";

    @Column(name = "invitation")
    private @Nullable String invitation;

    @Column(name = "return_to")
    private @Nullable String returnTo;

    private @Nullable String locale;

    @Column(name = "handle_hash")
    private @Nullable String handleHash;

    @Column(name = "finish_at")
    private @Nullable Sealed finishAt;

    @Column(name = "code_hash")
    private @Nullable String codeHash;

    @Column(name = "code_until")
    private @Nullable Instant codeUntil;

    @Enumerated(EnumType.STRING)
    private @Nullable LinkEnd ending;

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Version
    private long version;

    protected ConversationLink() {}

    public ConversationLink(
            String id,
            Conversation conversation,
            @Nullable String returnTo,
            @Nullable Locale locale,
            Instant now,
            Instant end) {
        this.id = id;
        this.conversation = conversation.id();
        this.returnTo = returnTo;
        this.locale = locale == null ? null : locale.toLanguageTag();
        this.createdAt = now;
        this.expiresAt = end;
    }

    void leadsThrough(String newInvitation) {
        invitation = newInvitation;
    }

    /** A later handle takes the place of an earlier one. */
    void setHandleHash(String newHandleHash) {
        handleHash = newHandleHash;
    }

    void finishesAt(Sealed redirect) {
        finishAt = redirect;
    }

    void ends(LinkEnd newEnding, @Nullable GrantId newGrantId) {
        ending = newEnding;
        grantId = newGrantId == null ? null : newGrantId.value();
    }

    void handOut(String newCodeHash, Instant until) {
        codeHash = newCodeHash;
        codeUntil = until;
        expiresAt = expiresAt.isBefore(until) ? until : expiresAt;
    }

    void useCode() {
        codeHash = null;
    }

    String finishAssociatedData() {
        return "conversation_link/" + id + "/finish_at";
    }

    public String id() {
        return id;
    }

    String conversation() {
        return conversation;
    }

    /** Null when the bot named no return URL. */
    @Nullable
    public String returnTo() {
        return returnTo;
    }

    @Nullable
    public Locale locale() {
        return locale == null ? null : Locale.forLanguageTag(locale);
    }

    /** Messenger's redirect URI; null until Messenger has opened the link. */
    @Nullable
    Sealed finishAt() {
        return finishAt;
    }

    /** Null while the user is away. */
    @Nullable
    public LinkEnd ending() {
        return ending;
    }

    @Nullable
    public GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    boolean isOpen(Instant now) {
        return expiresAt.isAfter(now);
    }

    boolean takesCode(Instant now) {
        return codeUntil != null && codeUntil.isAfter(now);
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant expiresAt() {
        return expiresAt;
    }
}
