package dev.grantbook.grant.installation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.grant.installation.Installations.InstallationCursor;
import dev.grantbook.grant.search.GrantJson.AccountJson;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.QueryParameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Path("installations")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class InstallationsResource {

    private static final Set<String> PARAMETERS = Set.of("connector", "account", "cursor", "limit");
    private static final int USUAL_PAGE = 50;

    @Inject
    Installations installations;

    @Inject
    Caller caller;

    @GET
    public JsonObject list(@Context UriInfo uri) {
        caller.require(Permission.STATUS);
        var query = new QueryParameters(uri, PARAMETERS);
        Installations.InstallationPage part = installations.page(
                caller.only(query.get("connector", ConnectorId::new)),
                query.get("account"),
                cursor(query.get("cursor")),
                query.number("limit", USUAL_PAGE, GrantSearch.LONGEST_PAGE));
        return RecordJson.write(new InstallationList(
                part.installations().stream().map(InstallationJson::of).toList(),
                part.next() == null ? null : part.next().cursor()));
    }

    private record InstallationList(
            List<InstallationJson> installations, @Nullable String nextCursor) {}

    private record InstallationJson(
            ConnectorId connector,
            AccountJson account,
            long grants,
            Instant since,
            @Nullable Instant verifiedAt) {

        static InstallationJson of(Installation one) {
            return new InstallationJson(
                    one.connector(),
                    new AccountJson(one.id(), one.name()),
                    one.grants(),
                    one.since(),
                    one.verifiedAt());
        }
    }

    private static @Nullable InstallationCursor cursor(@Nullable String cursor) {
        return cursor == null
                ? null
                : InstallationCursor.parse(cursor)
                        .orElseThrow(() -> Problem.field("cursor", "must be a next_cursor of an earlier answer")
                                .exception());
    }
}
