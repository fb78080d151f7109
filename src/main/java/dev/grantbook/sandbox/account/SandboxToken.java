package dev.grantbook.sandbox.account;

import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A token that an emulated provider gave out for an authorization. It ends with it, or before. */
@Entity
@Table(name = "sandbox_token")
public class SandboxToken {

    /** What a bot shows to the provider's API. */
    public static final String ACCESS = "access";

    /** What buys a new access token (RFC 6749 section 6). */
    public static final String REFRESH = "refresh";

    /** What nobody has, where calls are signed: it shows that the authorization lives. */
    static final String KEY = "key";

    /** What has bought one, where that works once. */
    public static final String SPENT = "spent";

    @Id
    private String hash = "";

    @Column(name = "authorization_id")
    private String authorizationId = "";

    private String kind = "";

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    protected SandboxToken() {}

    SandboxToken(Secret token, String authorizationId, String kind, Instant expiresAt) {
        this.hash = token.hash();
        this.authorizationId = authorizationId;
        this.kind = kind;
        this.expiresAt = expiresAt;
    }

    void spend() {
        kind = SPENT;
    }

    String authorizationId() {
        return authorizationId;
    }

    /** Whether it is of this kind, and not too old. */
    boolean isLive(String wantedKind, Instant now) {
        return kind.equals(wantedKind) && expiresAt.isAfter(now);
    }
}
