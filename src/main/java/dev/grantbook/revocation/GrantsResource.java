package dev.grantbook.revocation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.CallerGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.search.GrantJson.EventJson;
import dev.grantbook.grant.search.GrantJson.ShortfallJson;
import dev.grantbook.grant.search.GrantJson.SummaryJson;
import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.grant.search.Page;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import dev.grantbook.platform.json.WireName;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.QueryParameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists, shows and ends grants for bots, without their tokens. */
@Path("grants")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class GrantsResource {

    private static final Set<String> PARAMETERS =
            Set.of("connector", "subject", "status", "scope", "missing_scope", "cursor", "limit");
    private static final int USUAL_PAGE = 50;

    @Inject
    CallerGrants grants;

    @Inject
    GrantSearch search;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Disconnection disconnection;

    @Inject
    Revocations revocations;

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Context
    HttpHeaders headers;

    @GET
    public Response list(@Context UriInfo uri, @Context Request request) {
        caller.require(Permission.STATUS);
        var query = new QueryParameters(uri, PARAMETERS);
        GrantStatus status = status(query.get("status"));
        if (status != null) {
            ending.endOverdue();
        }
        Page page = search.page(new GrantQuery(
                caller.only(query.get("connector", ConnectorId::new)),
                query.get("subject", Subject::new),
                GrantStatus.only(status),
                query.get("scope"),
                query.get("missing_scope"),
                null,
                null,
                Sort.UPDATED,
                cursor(query.get("cursor")),
                query.number("limit", USUAL_PAGE, GrantSearch.LONGEST_PAGE)));
        Instant now = clock.instant();
        return unlessKnown(
                request,
                RecordJson.write(new GrantList(
                        page.grants().stream()
                                .map(grant -> SummaryJson.of(grant, now))
                                .toList(),
                        page.next() == null ? null : page.next().cursor())));
    }

    private record GrantList(
            List<SummaryJson> grants, @Nullable String nextCursor) {}

    @GET
    @Path("{id}")
    public Response show(@PathParam("id") GrantId id, @Context Request request) {
        caller.require(Permission.STATUS);
        return unlessKnown(request, answer(grants.find(id)));
    }

    private JsonObject answer(Grant grant) {
        return RecordJson.write(
                SummaryJson.of(grant, clock.instant()),
                new GrantDetails(
                        connectors
                                .find(grant.connector())
                                .map(connector -> Shortfall.of(connector.need(), grant.granted()))
                                .map(shortfall -> ShortfallJson.of(shortfall, null))
                                .orElse(null),
                        revocations.of(grant.id()).map(RevocationJson::of).orElse(null),
                        EventJson.of(history.of(grant.id()))));
    }

    private record RevocationJson(Instant since, int tries, Instant nextTry) {

        static RevocationJson of(PendingRevocation pending) {
            return new RevocationJson(pending.createdAt(), pending.tries(), pending.dueAt());
        }
    }

    private record GrantDetails(
            @Unwrapped @Nullable ShortfallJson shortfall,
            @Nullable RevocationJson revocation,
            List<EventJson> history) {}

    /** Ends the grant, which stays in lists as revoked; ending it twice is no error. */
    @DELETE
    @Path("{id}")
    public void end(@PathParam("id") GrantId id, @Context Request request) {
        caller.require(Permission.TOKEN);
        disconnection.disconnect(
                grants.find(id).id(), caller.actor(), grant -> preconditions(request, tag(answer(grant))));
    }

    /** Answers 304 to a caller that has the same answer (RFC 9110 section 13.1.2). */
    private Response unlessKnown(Request request, JsonObject answer) {
        EntityTag tag = tag(answer);
        var known = preconditions(request, tag);
        return (known == null ? Response.ok(answer) : known).tag(tag).build();
    }

    private static EntityTag tag(JsonObject answer) {
        return new EntityTag(new Secret(answer.toString()).hash());
    }

    /**
     * @return null to go on
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 412 when the request expects another answer
     */
    private Response.@Nullable ResponseBuilder preconditions(Request request, EntityTag tag) {
        Response.ResponseBuilder known;
        try {
            known = request.evaluatePreconditions(tag);
        } catch (RuntimeException e) {
            // Servers report a malformed header by exceptions of any type.
            throw Problem.fields(Stream.of(HttpHeaders.IF_MATCH, HttpHeaders.IF_NONE_MATCH)
                            .filter(name -> headers.getHeaderString(name) != null)
                            .map(name ->
                                    new Problem.FieldFault(name, "must be the ETag of an earlier answer, or several"))
                            .toList())
                    .exception();
        }
        if (known != null && known.build().getStatus() == Response.Status.PRECONDITION_FAILED.getStatusCode()) {
            throw Problem.of(412, "changed-meanwhile", "What there is now is not what the request expects.")
                    .exception();
        }
        return known;
    }

    private static @Nullable GrantStatus status(@Nullable String text) {
        return text == null
                ? null
                : WireName.parse(GrantStatus.class, text)
                        .orElseThrow(() -> Problem.field("status", "must be active, unconfirmed, expired or revoked")
                                .exception());
    }

    private static @Nullable GrantCursor cursor(@Nullable String cursor) {
        return cursor == null
                ? null
                : GrantCursor.parse(cursor)
                        .orElseThrow(() -> Problem.field("cursor", "must be a next_cursor of an earlier answer")
                                .exception());
    }
}
