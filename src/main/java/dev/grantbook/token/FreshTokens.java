package dev.grantbook.token;

import dev.grantbook.catalogue.dialect.ApiFailure;
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

/** Tokens that work. Whoever hands a token out, or uses one, asks here and nowhere else. */
@ApplicationScoped
public class FreshTokens {

    private static final Logger LOG = Logger.getLogger(FreshTokens.class.getName());

    /** When to ask again after an interruption that says nothing else. */
    private static final Duration SOON = Duration.ofSeconds(5);

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
     * What there is to hand out.
     *
     * @param grant as it is now: looking after its token may have ended it, or changed what it may do
     * @param token null when the grant is not active, or when no token can be had at the moment
     * @param retryAt when to ask again; null unless the grant is active and no token can be had at the moment
     */
    public record Fresh(
            Grant grant, @Nullable Secret token, @Nullable Instant retryAt) {

        /**
         * The token of a grant that is active.
         *
         * @throws ProblemException 503 when none can be had at the moment
         */
        public Secret orUnavailable() {
            if (token == null) {
                throw unavailable(Objects.requireNonNull(retryAt));
            }
            return token;
        }
    }

    /** Says that no token can be had at the moment: the user has nothing to do, and the bot comes back later. */
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
     * A grant's token, replaced by another one when it is about to end, and shown to the provider when nobody has done
     * that for long. What fails takes nothing away: a token whose time is not over, and that the provider did not
     * refuse, is handed out all the same.
     *
     * @param connector the grant's; whoever asks has it at hand
     * @param seen the grant as it was found
     */
    public Fresh of(Connector connector, Grant seen) {
        return of(connector, seen, null);
    }

    /**
     * The same for a caller who wants a younger proof than the connector does.
     *
     * @param age how old the last proof may be; null for what the connector wants
     */
    public Fresh of(Connector connector, Grant seen, @Nullable Duration age) {
        return fresh(
                seen.isActive(clock.instant()) ? liveness.check(connector, refresher.refreshNearEnd(seen), age) : seen);
    }

    /**
     * Another token in place of one that the provider refused, where another one can be had; where not, the provider is
     * asked whether the refused one lives. A token that came a moment ago stays: its age is not what was wrong, and a
     * provider that refuses each one would have us use up refresh tokens as fast as a bot can call.
     *
     * @param seen the grant as it was when its token was used
     * @param dead whether the refusal says that the token is of no use any more
     */
    public Fresh replace(Grant seen, boolean dead) {
        Instant now = clock.instant();
        if (!seen.isActive(now) || seen.tokens().issuedAt().plus(YOUNG).isAfter(now)) {
            return fresh(seen);
        }
        Grant other = refresher.replace(seen);
        return fresh(grants.haveSameToken(other, seen) ? liveness.checkRefused(other, dead) : other);
    }

    /**
     * The grant after the provider refused a call with its token.
     *
     * @param seen the grant as it was when its token was used
     * @param failure what the provider's descriptor makes of the refusal
     */
    public Grant recordRefusal(Connector connector, Grant seen, ApiFailure failure) {
        return liveness.recordRefusal(connector, seen, failure);
    }

    /** What there is without asking the provider: for a caller whose time is over. */
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
            // The right keyset may come back; meanwhile nobody else's token is kept back with this one.
            LOG.log(Level.WARNING, "no token of grant {0}: {1}", new Object[] {grant.id(), e.getMessage()});
            return null;
        }
    }
}
