package dev.grantbook.token;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.grant.CallerGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.RecordJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secondary tokens of a grant, for bots. */
@Path("grants/{id}/secondary-tokens")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class SecondaryTokensResource {

    @Inject
    CallerGrants grants;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    TokenRefresher refresher;

    @Inject
    TokenUsage usage;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @GET
    public JsonObject list(@PathParam("id") GrantId id) {
        caller.require(Permission.STATUS);
        Grant grant = grants.find(id);
        boolean tokens = caller.may(Permission.TOKEN) && grant.isActive(clock.instant());
        // A key without the permission is no reason for a request to the provider.
        List<SecondaryToken> held = tokens ? refresher.secondary(grant) : secondaryTokens.of(grant.id());
        Instant now = clock.instant();
        List<SecondaryTokenJson> answer = held.stream()
                .map(each -> new SecondaryTokenJson(
                        each.kind(),
                        each.externalId(),
                        each.name(),
                        each.updatedAt(),
                        each.expiresAt(),
                        tokens && !each.isOver(now) ? secondaryTokens.token(each) : null))
                .toList();
        if (tokens && !held.isEmpty()) {
            usage.count(grant);
        }
        return RecordJson.write(new SecondaryTokensAnswer(answer));
    }

    private record SecondaryTokensAnswer(List<SecondaryTokenJson> secondaryTokens) {}

    private record SecondaryTokenJson(
            String kind,
            String id,
            @Nullable String name,
            Instant updatedAt,
            @Nullable Instant expiresAt,
            @Nullable Secret accessToken) {}
}
