package dev.grantbook.grant;

import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that ended here, and whose provider has still to be told (RFC 7009). It says of nobody in clear whose they were, so that it
 * outlives whatever is forgotten.
 *
 * <p>Life: made in the transaction that takes the tokens out of their grant; tried, again and again, by one node at a time; gone with its
 * tokens when the provider was told, when it cannot be, or when the patience is over.
 */
@Entity
@Table(name = "revocation")
public class PendingRevocation {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    @Id
    private String id = "";

    private String connector = "";

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "access_token")
    private @Nullable Sealed accessToken;

    @Column(name = "refresh_token")
    private @Nullable Sealed refreshToken;

    private @Nullable Sealed whose;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "due_at")
    private Instant dueAt = Instant.EPOCH;

    private int tries;

    protected PendingRevocation() {}

    /** @param grantId null for tokens that never were a grant's */
    PendingRevocation(String id, String connector, @Nullable String grantId, Instant now) {
        this.id = id;
        this.connector = connector;
        this.grantId = grantId;
        this.createdAt = now;
        this.dueAt = now;
    }

    void keep(@Nullable Sealed access, @Nullable Sealed refresh) {
        accessToken = access;
        refreshToken = refresh;
    }

    /** Tokens that are not a grant's own say themselves whose they are. */
    void isOf(Sealed holder) {
        whose = holder;
    }

    /** Whether these are a grant's own tokens, whose history tells what became of them. */
    boolean isGrants() {
        return grantId != null && whose == null;
    }

    /** Whoever made it takes it, before {@code until}. */
    void reserve(Instant until) {
        dueAt = until;
    }

    /** One node tells the provider now; if nothing is heard of that node, others may from {@code until} on. */
    void take(Instant until) {
        tries++;
        dueAt = until;
    }

    /**
     * The provider was not told this time. The pauses grow with the time that it has been waiting.
     *
     * @param chance from 0 to 1: a provider that comes back must not be told everything at the same moment
     */
    void failed(double chance, Instant now) {
        Duration pause = Duration.between(createdAt, now);
        pause = pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        dueAt = now.plusMillis(Math.round(pause.toMillis() * (0.8 + 0.4 * chance)));
    }

    /** Where the sealed access token lives; it opens nowhere else. */
    String accessTokenPlace() {
        return "revocation/" + id + "/access_token";
    }

    String refreshTokenPlace() {
        return "revocation/" + id + "/refresh_token";
    }

    String whosePlace() {
        return "revocation/" + id + "/whose";
    }

    @Nullable
    Sealed accessToken() {
        return accessToken;
    }

    @Nullable
    Sealed refreshToken() {
        return refreshToken;
    }

    /** Sealed; null when its grant says it, or nothing may say it any more. */
    @Nullable
    Sealed whose() {
        return whose;
    }

    String id() {
        return id;
    }

    String connector() {
        return connector;
    }

    @Nullable
    String grantId() {
        return grantId;
    }

    /** When the tokens ended. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When the provider is told next. */
    public Instant dueAt() {
        return dueAt;
    }

    /** How often it was tried. */
    public int tries() {
        return tries;
    }
}
