package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantJson;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.Uses;
import dev.grantbook.lifecycle.FreshTokens;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.Json;
import dev.grantbook.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells a bot where it stands with a subject. */
@ApplicationScoped
class AccessAnswer {

    @Inject
    FreshTokens freshTokens;

    @Inject
    Invitations invitations;

    @Inject
    Uses uses;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * @param link makes the link for the user; asked only when there is something to allow and the key may invite;
     *     null for no link
     */
    JsonObject write(
            Connector connector,
            String subject,
            Need need,
            Optional<Grant> known,
            @Nullable Locale locale,
            @Nullable Supplier<Invitations.Issued> link) {
        Optional<FreshTokens.Fresh> fresh =
                caller.may(Permission.TOKEN) ? known.map(grant -> freshTokens.of(connector, grant)) : Optional.empty();
        Optional<Grant> grant = fresh.map(FreshTokens.Fresh::grant).or(() -> known);
        boolean authorized = isLive(grant)
                && Shortfall.of(need, grant.orElseThrow().granted()).isMet();
        if (authorized) {
            fresh.ifPresent(FreshTokens.Fresh::orUnavailable);
        }
        var json = describe(connector, subject, need, grant, fresh, locale, uses::count);
        grant.flatMap(invitations::lastOf).ifPresent(invitation -> {
            json.add("invitation", invitation.id());
            invitations.context(invitation).ifPresent(context -> json.add("context", context));
        });
        if (!authorized && link != null && caller.may(Permission.INVITE)) {
            json.add("link", link(link.get()));
        }
        return json.build();
    }

    static JsonObjectBuilder link(Invitations.Issued issued) {
        var told = Json.createObjectBuilder()
                .add("url", issued.link().toString())
                .add("expires_at", issued.invitation().expiresAt().toString());
        if (issued.invitation().trace() != null) {
            told.add("trace", issued.invitation().trace());
        }
        return told;
    }

    /**
     * The same for one of many: without a link and without the context, which would be a query each, and with the time to ask
     * again in place of a token that cannot be had at the moment.
     *
     * @param handedOut takes the grants whose tokens are in the answer
     */
    JsonObject oneOfMany(
            Connector connector,
            String subject,
            Need need,
            Optional<Grant> known,
            @Nullable Locale locale,
            Function<Grant, FreshTokens.Fresh> tokens,
            Consumer<Grant> handedOut) {
        Optional<FreshTokens.Fresh> fresh = caller.may(Permission.TOKEN) ? known.map(tokens) : Optional.empty();
        Optional<Grant> grant = fresh.map(FreshTokens.Fresh::grant).or(() -> known);
        return describe(connector, subject, need, grant, fresh, locale, handedOut)
                .build();
    }

    private JsonObjectBuilder describe(
            Connector connector,
            String subject,
            Need need,
            Optional<Grant> grant,
            Optional<FreshTokens.Fresh> fresh,
            @Nullable Locale locale,
            Consumer<Grant> handedOut) {
        boolean live = isLive(grant);
        Shortfall shortfall = Shortfall.of(need, live ? grant.orElseThrow().granted() : Scopes.NONE);
        boolean authorized = live && shortfall.isMet();
        var json = Json.createObjectBuilder()
                .add("status", status(grant, authorized))
                .add("connector", connector.id())
                .add("subject", subject);
        grant.ifPresent(found -> GrantJson.account(json, found));
        json.add("granted", GrantJson.scopes(live ? grant.orElseThrow().granted() : Scopes.NONE))
                .add("missing", GrantJson.missing(shortfall))
                .add("features", GrantJson.features(shortfall, locale == null ? Locale.ENGLISH : locale));
        grant.ifPresent(found -> {
            GrantJson.time(json, "verified_at", found.verifiedAt());
            GrantJson.reason(json, found.reason(clock.instant()));
        });
        if (authorized) {
            Grant found = grant.orElseThrow();
            fresh.ifPresent(tokens -> {
                if (tokens.token() == null) {
                    GrantJson.time(json, "retry_at", tokens.retryAt());
                } else {
                    GrantJson.token(json, tokens.token(), found, settings);
                    handedOut.accept(found);
                }
            });
            GrantJson.time(json, "expires_at", found.expiresAt());
        }
        return json;
    }

    private boolean isLive(Optional<Grant> grant) {
        return grant.filter(found -> found.status(clock.instant()) == GrantStatus.ACTIVE)
                .isPresent();
    }

    private String status(Optional<Grant> grant, boolean authorized) {
        if (grant.isEmpty()) {
            return "not_authorized";
        }
        return switch (grant.get().status(clock.instant())) {
            case ACTIVE -> authorized ? "authorized" : "missing_scopes";
            case UNCONFIRMED -> "unconfirmed";
            case EXPIRED -> "expired";
            case REVOKED -> "revoked";
        };
    }
}
