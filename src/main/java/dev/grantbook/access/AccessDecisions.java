package dev.grantbook.access;

import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.MissingScopes;
import dev.grantbook.access.AccessDecision.NotAuthorized;
import dev.grantbook.access.AccessDecision.Revoked;
import dev.grantbook.access.AccessDecision.TokenUnavailable;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.search.KnownGrants;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.token.FreshTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides whether a bot may have a subject's token now. */
@ApplicationScoped
public class AccessDecisions {

    @Inject
    KnownGrants grants;

    @Inject
    FreshTokens freshTokens;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Decides about the subject's best grant, or that of the question's account. */
    public AccessDecision decide(AccessQuestion question) {
        return decide(
                question,
                question.subject() == null
                        ? null
                        : grants.find(question.connector().id(), question.subject(), question.account())
                                .orElse(null));
    }

    /** @param known the grant as it was read; null when there is none */
    public AccessDecision decide(AccessQuestion question, @Nullable Grant known) {
        if (known == null) {
            return new NotAuthorized(question);
        }
        FreshTokens.Fresh fresh = switch (question.freshness()) {
            case NO_TOKEN -> new FreshTokens.Fresh(known, null, null);
            case STORED -> freshTokens.atHand(known);
            case FRESH -> freshTokens.of(question.connector(), known);
            case PROVEN -> freshTokens.of(question.connector(), known, settings.verifyAfter());
        };
        Grant grant = fresh.grant();
        Instant now = clock.instant();
        return switch (grant.status(now)) {
            case ACTIVE -> active(question, grant, fresh.token(), fresh.retryAt());
            case UNCONFIRMED -> new Unconfirmed(question, grant);
            case EXPIRED -> new Expired(question, grant, grant.reason(now));
            case REVOKED -> new Revoked(question, grant, grant.reason(now));
        };
    }

    private static AccessDecision active(
            AccessQuestion question, Grant grant, @Nullable Secret token, @Nullable Instant retryAt) {
        if (!question.isMetBy(grant.granted())) {
            return new MissingScopes(question, grant);
        }
        return token == null && question.freshness() != Freshness.NO_TOKEN
                ? new TokenUnavailable(question, grant, Objects.requireNonNull(retryAt))
                : new Authorized(question, grant, token);
    }
}
