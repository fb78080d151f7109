package dev.grantbook.token;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.problem.Problem;
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

/** What a user holds beside the grant, for bots: the Pages and their tokens. */
@Path("grants/{id}/holdings")
@Produces(MediaType.APPLICATION_JSON)
public class SecondaryTokensResource {

    @Inject
    Grants grants;

    @Inject
    SecondaryTokens holdings;

    @Inject
    FreshSecondaryTokens freshHoldings;

    @Inject
    TokenUsage uses;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @GET
    public JsonObject list(@PathParam("id") String id) {
        caller.require(Permission.STATUS);
        Grant grant = grants.find(id)
                .filter(found -> caller.mayUse(found.connector()))
                .orElseThrow(() -> Problem.of(404, "unknown-grant", "There is no grant with this id.")
                        .exception());
        boolean tokens = caller.may(Permission.TOKEN) && grant.status(clock.instant()) == GrantStatus.ACTIVE;
        // Those whom nobody gives a token are no reason to ask the provider.
        List<SecondaryToken> held = tokens ? freshHoldings.of(grant) : holdings.of(grant.id());
        Instant now = clock.instant();
        var list = Json.createArrayBuilder();
        for (SecondaryToken holding : held) {
            var json = Json.createObjectBuilder().add("kind", holding.kind()).add("id", holding.externalId());
            if (holding.name() != null) {
                json.add("name", holding.name());
            }
            json.add("updated_at", holding.updatedAt().toString());
            if (holding.expiresAt() != null) {
                json.add("expires_at", holding.expiresAt().toString());
            }
            if (tokens && !holding.isOver(now)) {
                json.add("access_token", holdings.token(holding).value());
            }
            list.add(json);
        }
        if (tokens && !held.isEmpty()) {
            uses.count(grant);
        }
        return Json.createObjectBuilder().add("holdings", list).build();
    }
}
