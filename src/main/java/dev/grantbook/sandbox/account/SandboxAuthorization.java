package dev.grantbook.sandbox.account;

import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox account granted to a bot.
 *
 * <p>Life cycle: its <b>code</b> works once, within ten minutes; after that it has {@linkplain SandboxToken tokens},
 * for a year at most; revoking deletes it, and its tokens with it.
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
    private Scopes declined = Scopes.NONE;
    private @Nullable String challenge;

    @Column(name = "redirect_uri")
    private @Nullable String redirectUri;

    private @Nullable String nonce;

    @Column(name = "public_key")
    private @Nullable String publicKey;

    @Column(name = "code_hash")
    private @Nullable String codeHash;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Version
    private long version;

    public SandboxAuthorization() {}

    public SandboxAuthorization(String id, Consent consent, Secret code, Instant now, Instant expiresAt) {
        this.id = id;
        this.provider = consent.provider();
        this.clientId = consent.clientId();
        this.account = consent.account();
        this.scopes = consent.granted();
        this.declined = consent.declined();
        this.challenge = consent.challenge();
        this.redirectUri = consent.redirectUri();
        this.nonce = consent.nonce();
        this.codeHash = code.hash();
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    /**
     * The user's decision on a consent page.
     *
     * @param provider the emulated provider's id
     * @param declined scopes that were requested and not granted
     * @param challenge {@code code_challenge} of the request; null when it had none
     * @param redirectUri {@code redirect_uri} of the request; null when it had none
     * @param nonce {@code nonce} of the request; null when it had none
     */
    public record Consent(
            String provider,
            String clientId,
            SandboxAccount account,
            Scopes granted,
            Scopes declined,
            @Nullable String challenge,
            @Nullable String redirectUri,
            @Nullable String nonce) {

        /** A decision at a provider that stores nothing else. */
        public Consent(
                String provider, String clientId, SandboxAccount account, Scopes granted, @Nullable String challenge) {
            this(provider, clientId, account, granted, Scopes.NONE, challenge, null, null);
        }
    }

    void take() {
        codeHash = null;
    }

    /** From now on calls are signed, and this key verifies them. */
    void bind(String key) {
        publicKey = key;
    }

    /** In base64url; null where calls bear a token. */
    @Nullable
    public String publicKey() {
        return publicKey;
    }

    void keep(Instant end) {
        expiresAt = end;
    }

    /** Withdraws one permission; the tokens live on and can do less. */
    void withdraw(String scope) {
        if (allows(scope)) {
            scopes = scopes.minus(Scopes.of(scope));
            declined = declined.plus(Scopes.of(scope));
        }
    }

    public String id() {
        return id;
    }

    public String clientId() {
        return clientId;
    }

    public boolean isHeldBy(String client) {
        return clientId.equals(client);
    }

    public SandboxAccount account() {
        return account;
    }

    public Scopes scopes() {
        return scopes;
    }

    public boolean allows(String scope) {
        return scopes.tokens().contains(scope);
    }

    /** Scopes that were requested and not granted, or withdrawn since. */
    public Scopes declined() {
        return declined;
    }

    @Nullable
    public String challenge() {
        return challenge;
    }

    @Nullable
    public String nonce() {
        return nonce;
    }

    /**
     * Whether the verifier fits the request's challenge (RFC 7636 section 4.6). A verifier without a challenge is as
     * wrong as a missing one: it shows a PKCE downgrade (RFC 9700 section 2.1.1).
     */
    public boolean isProvedBy(@Nullable String verifier) {
        if (challenge == null) {
            return verifier == null;
        }
        return verifier != null
                && !verifier.isEmpty()
                && MessageDigest.isEqual(
                        new Pkce(new Secret(verifier)).s256().getBytes(StandardCharsets.US_ASCII),
                        challenge.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 6749 section 4.1.3: the token request names the redirect URI that the authorization request named. */
    public boolean isBoundTo(@Nullable String redirect) {
        return Objects.equals(redirectUri, redirect);
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** Whether it is this provider's and has not expired. */
    boolean isLive(String atProvider, Instant now) {
        return provider.equals(atProvider) && expiresAt.isAfter(now);
    }
}
