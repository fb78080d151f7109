package dev.grantbook.sandbox;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox account granted to a bot.
 *
 * <p>Life: it waits for its <b>code</b>, for ten minutes; whoever shows the code takes it, and from then on the code is
 * used up; once the taker has proved who it is, it has a <b>token</b>, for a year; revoked means that it is gone.
 */
@Entity
@Table(name = "sandbox_authorization")
public class SandboxAuthorization {

    @Id
    private String id = "";

    private String provider = "";

    @Column(name = "client_id")
    private String clientId = "";

    @Enumerated(EnumType.STRING)
    private SandboxAccount account = SandboxAccount.ALICE;

    private Scopes scopes = Scopes.NONE;
    private @Nullable String challenge;

    @Column(name = "code_hash")
    private @Nullable String codeHash;

    @Column(name = "token_hash")
    private @Nullable String tokenHash;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Version
    private long version;

    protected SandboxAuthorization() {}

    SandboxAuthorization(String id, Consent consent, Secret code, Instant now, Instant expiresAt) {
        this.id = id;
        this.provider = consent.provider();
        this.clientId = consent.clientId();
        this.account = consent.account();
        this.scopes = consent.granted();
        this.challenge = consent.challenge();
        this.codeHash = code.hash();
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    /**
     * What the user decided on a consent page.
     *
     * @param provider the emulated provider's id in the catalogue
     * @param challenge what the bot must later show the verifier for; null when it sent none
     */
    record Consent(
            String provider,
            String clientId,
            SandboxAccount account,
            Scopes granted,
            @Nullable String challenge) {}

    void take() {
        codeHash = null;
    }

    void grant(Secret token, Instant end) {
        tokenHash = token.hash();
        expiresAt = end;
    }

    String id() {
        return id;
    }

    String clientId() {
        return clientId;
    }

    SandboxAccount account() {
        return account;
    }

    Scopes scopes() {
        return scopes;
    }

    boolean allows(String scope) {
        return scopes.tokens().contains(scope);
    }

    @Nullable
    String challenge() {
        return challenge;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** Whether it is this provider's, and neither code nor token is too old. */
    boolean isLive(String atProvider, Instant now) {
        return provider.equals(atProvider) && expiresAt.isAfter(now);
    }
}
