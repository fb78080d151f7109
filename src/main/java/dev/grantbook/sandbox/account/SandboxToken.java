package dev.grantbook.sandbox.account;

import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A token that an emulated provider issued for an authorization. It ends with it, or before. */
@Entity
@Table(name = "sandbox_token")
public class SandboxToken {

    public static final String ACCESS = "access";

    public static final String REFRESH = "refresh";

    /** Keeps an authorization alive whose calls are signed; no client has it. */
    static final String KEY = "key";

    /** A refresh token that was used, where each works once. */
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

    boolean isLive(String wantedKind, Instant now) {
        return kind.equals(wantedKind) && expiresAt.isAfter(now);
    }
}
