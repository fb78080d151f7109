package dev.grantbook.grant.search;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Grants and shortfalls as the API writes them. */
public final class GrantJson {

    private GrantJson() {}

    /**
     * A grant without its tokens.
     *
     * @param refresh null unless the last refresh failed
     */
    public record SummaryJson(
            GrantId id,
            ConnectorId connector,
            Subject subject,
            GrantStatus status,
            Scopes granted,
            Instant createdAt,
            Instant updatedAt,
            @Nullable AccountJson account,
            @Nullable Instant verifiedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant confirmBy,
            @Nullable EndReason reason,
            @Nullable RefreshJson refresh) {

        public static SummaryJson of(Grant grant, Instant now) {
            return new SummaryJson(
                    grant.id(),
                    grant.connector(),
                    grant.subject(),
                    grant.status(now),
                    grant.granted(),
                    grant.createdAt(),
                    grant.updatedAt(),
                    AccountJson.of(grant),
                    grant.verifiedAt(),
                    grant.expiresAt(),
                    grant.confirmBy(),
                    grant.reason(now),
                    grant.isRefreshFailing()
                            ? new RefreshJson(
                                    grant.tokens().refreshFailures(),
                                    grant.tokens().retryAt())
                            : null);
        }
    }

    /** Refreshes that failed in a row. */
    public record RefreshJson(int tries, @Nullable Instant nextTry) {}

    public record AccountJson(String id, @Nullable String name) {

        /** Null when the provider does not name the account. */
        public static @Nullable AccountJson of(@Nullable Grant grant) {
            return grant == null || grant.accountId().isEmpty()
                    ? null
                    : new AccountJson(grant.accountId(), grant.accountName());
        }
    }

    public record EventJson(
            Instant at,
            GrantEvent.GrantEventKind event,
            String actor,
            Scopes asked,
            Scopes granted,
            Scopes declined,
            @Nullable EndReason reason) {

        public static List<EventJson> of(List<GrantEvent> events) {
            return events.stream()
                    .map(event -> new EventJson(
                            event.at(),
                            event.kind(),
                            event.actor(),
                            event.asked(),
                            event.granted(),
                            event.declined(),
                            event.reason()))
                    .toList();
        }
    }

    /** The token of a grant, or the address that signs each call in its place. */
    public record TokenJson(
            @Nullable URI signatureUrl,
            @Nullable Secret accessToken,
            @Nullable String tokenType) {

        public static TokenJson of(Secret token, Grant grant, Settings settings) {
            return grant.isSigning()
                    ? new TokenJson(settings.publicUrl("/api/v1/grants/" + grant.id() + "/signature"), null, null)
                    : new TokenJson(null, token, grant.tokenType());
        }
    }

    public record MissingJson(Scopes required, Scopes optional) {

        public static MissingJson of(Shortfall shortfall) {
            return new MissingJson(shortfall.required(), shortfall.optional());
        }
    }

    public record ShortfallJson(MissingJson missing, List<FeatureJson> features) {

        /** @param locale the language of the features' names; null for English */
        public static ShortfallJson of(Shortfall shortfall, @Nullable Locale locale) {
            Locale language = locale == null ? Locale.ENGLISH : locale;
            return new ShortfallJson(
                    MissingJson.of(shortfall),
                    shortfall.features().stream()
                            .map(state -> new FeatureJson(
                                    state.feature().id(),
                                    state.feature().name().in(language),
                                    state.ready(),
                                    state.missing()))
                            .toList());
        }
    }

    public record FeatureJson(String id, String name, boolean ready, Scopes missing) {}
}
