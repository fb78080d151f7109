package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.vault.VaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Provides working tokens to all callers that use a token or give it to a bot. */
@ApplicationScoped
public class FreshTokens {

    private static final Logger LOG = Logger.getLogger(FreshTokens.class.getName());

    /** Pause before the next request when no token is at hand and no refresh has failed. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** A younger token is not replaced when a call with it is rejected. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    @Inject
    TokenRefresher refresher;

    @Inject
    TokenLiveness liveness;

    @Inject
    Grants grants;

    @Inject
    Clock clock;

    /**
     * A grant with its token.
     *
     * @param grant as it is now: a refresh or probe may have ended it, or changed its scopes
     * @param token null when the grant is not active, or has no working token now
     * @param retryAt when to ask again; null unless the grant is active and has no working token
     */
    public record Fresh(
            Grant grant, @Nullable Secret token, @Nullable Instant retryAt) {

        /** @throws ProblemException 503 for an active grant without a working token */
        public Secret orUnavailable() {
            if (token == null) {
                throw unavailable(Objects.requireNonNull(retryAt));
            }
            return token;
        }
    }

    /** The problem of an active grant without a working token, which only time can mend. */
    public static ProblemException unavailable(Instant retryAt) {
        return Problem.of(
                        503,
                        "no-fresh-token",
                        "No token that works can be had at the moment. The grant stands; ask again after " + retryAt
                                + ".")
                .until(retryAt)
                .exception();
    }

    /**
     * Refreshes a grant's token that is about to expire, and probes one whose proof is older than the connector allows.
     * When that fails, a token that has neither expired nor been rejected is returned all the same.
     *
     * @param connector the grant's
     */
    public Fresh of(Connector connector, Grant seen) {
        return of(connector, seen, null);
    }

    /** @param age greatest age of the last proof; null for the connector's setting */
    public Fresh of(Connector connector, Grant seen, @Nullable Duration age) {
        return fresh(
                seen.isActive(clock.instant()) ? liveness.check(connector, refresher.refreshNearEnd(seen), age) : seen);
    }

    /**
     * Replaces a rejected token by a refresh or, without a refresh token, probes it. A token younger than 10 s stays,
     * so that a provider that rejects every token does not use up refresh tokens at the pace of a bot's calls.
     *
     * @param seen the grant as it was when its token was used
     * @param dead whether the rejection says that the token is invalid
     */
    public Fresh replace(Grant seen, boolean dead) {
        Instant now = clock.instant();
        if (!seen.isActive(now) || seen.tokens().issuedAt().plus(YOUNG).isAfter(now)) {
            return fresh(seen);
        }
        Grant other = refresher.replace(seen);
        return fresh(grants.haveSameToken(other, seen) ? liveness.checkRefused(other, dead) : other);
    }

    /** Returns the stored token without a request to the provider. */
    public Fresh atHand(Grant seen) {
        return fresh(seen);
    }

    private Fresh fresh(Grant grant) {
        Instant now = clock.instant();
        if (!grant.isActive(now)) {
            return new Fresh(grant, null, null);
        }
        Secret token = open(grant);
        return new Fresh(
                grant,
                token,
                token == null ? Objects.requireNonNullElse(grant.tokens().retryAt(), now.plus(SOON)) : null);
    }

    private @Nullable Secret open(Grant grant) {
        try {
            return grants.accessToken(grant).orElse(null);
        } catch (VaultException e) {
            // The right keyset may come back; until then, other grants of a batch still get their tokens.
            LOG.log(Level.WARNING, "no token of grant {0}: {1}", new Object[] {grant.id(), e.getMessage()});
            return null;
        }
    }
}
