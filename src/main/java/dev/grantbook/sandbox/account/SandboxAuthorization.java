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
 * <p>Life: it waits for its <b>code</b>, for ten minutes; whoever shows the code takes it, and from then on the code is
 * used up; once the taker has proved who it is, it has {@linkplain SandboxToken tokens}, for a year at most; revoked
 * means that it is gone, and its tokens with it.
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
     * What the user decided on a consent page.
     *
     * @param provider the emulated provider's id in the catalogue
     * @param declined what was asked for and not granted
     * @param challenge what the bot must later show the verifier for; null when it sent none
     * @param redirectUri as the request named it; null when it named none
     * @param nonce for the ID token; null when the request had none
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

        /** At a provider that keeps nothing else. */
        public Consent(
                String provider, String clientId, SandboxAccount account, Scopes granted, @Nullable String challenge) {
            this(provider, clientId, account, granted, Scopes.NONE, challenge, null, null);
        }
    }

    void take() {
        codeHash = null;
    }

    /** Calls are signed from now on, and this key checks them. */
    void bind(String key) {
        publicKey = key;
    }

    /** In base64url; null where a token is shown instead. */
    @Nullable
    public String publicKey() {
        return publicKey;
    }

    /** It has a token from now on. */
    void keep(Instant end) {
        expiresAt = end;
    }

    /** The user takes one permission back; the token stays and can do less. */
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

    public SandboxAccount account() {
        return account;
    }

    public Scopes scopes() {
        return scopes;
    }

    public boolean allows(String scope) {
        return scopes.tokens().contains(scope);
    }

    /** What was asked for and not granted, or taken back since. */
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
     * Whether this is what the request's challenge was made of (RFC 7636 section 4.6). A verifier that answers no
     * challenge is as wrong as a missing one: somebody took the challenge away (RFC 9700 section 2.1.1).
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

    /** Whether it is this provider's, and neither code nor token is too old. */
    boolean isLive(String atProvider, Instant now) {
        return provider.equals(atProvider) && expiresAt.isAfter(now);
    }
}
