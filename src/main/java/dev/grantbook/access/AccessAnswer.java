package dev.grantbook.access;

import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecision.TokenUnavailable;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.search.GrantJson.AccountJson;
import dev.grantbook.grant.search.GrantJson.ShortfallJson;
import dev.grantbook.grant.search.GrantJson.TokenJson;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An access decision as the API writes it. */
public record AccessAnswer(
        String status,
        ConnectorId connector,
        Subject subject,
        @Nullable AccountJson account,
        Scopes granted,
        @Unwrapped ShortfallJson shortfall,
        @Nullable Instant verifiedAt,
        @Nullable EndReason reason,
        @Unwrapped @Nullable TokenJson token,
        @Nullable Instant retryAt,
        @Nullable Instant expiresAt) {

    /** @param locale the language of the features' names; null for English */
    public static AccessAnswer of(AccessDecision decision, @Nullable Locale locale, Settings settings) {
        Grant grant = decision.grant();
        Secret token = decision instanceof Authorized authorized ? authorized.token() : null;
        boolean met = decision instanceof Authorized || decision instanceof TokenUnavailable;
        return new AccessAnswer(
                decision.wire(),
                decision.question().connector().id(),
                Objects.requireNonNull(decision.question().subject()),
                AccountJson.of(grant),
                decision.granted(),
                ShortfallJson.of(decision.shortfall(), locale),
                grant == null ? null : grant.verifiedAt(),
                decision.reason(),
                grant == null || token == null ? null : TokenJson.of(token, grant, settings),
                decision instanceof TokenUnavailable later ? later.retryAt() : null,
                grant != null && met ? grant.expiresAt() : null);
    }
}
