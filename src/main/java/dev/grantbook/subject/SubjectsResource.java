package dev.grantbook.subject;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.json.RecordJson;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exports and erases all data about one chat user. */
@Path("subjects")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class SubjectsResource {

    private static final int LONGEST = 255;

    private static final String CONNECTOR = "connector";

    private static final String SUBJECT = "subject";

    @Inject
    Subjects subjects;

    @Inject
    Erasures erasures;

    @Inject
    Caller caller;

    @GET
    @Path("{subject}")
    public Response export(@PathParam(SUBJECT) String subject, @Context UriInfo uri) {
        return export(subject, new QueryParameters(uri, Set.of(CONNECTOR)));
    }

    /** For subjects that no path can have: servers reject slashes there, encoded or not, and resolve dots. */
    @GET
    public Response export(@Context UriInfo uri) {
        var query = new QueryParameters(uri, Set.of(SUBJECT, CONNECTOR));
        return export(query.get(SUBJECT), query);
    }

    @DELETE
    @Path("{subject}")
    public JsonObject erase(@PathParam(SUBJECT) String subject, @Context UriInfo uri) {
        return erase(subject, new QueryParameters(uri, Set.of(CONNECTOR)));
    }

    @DELETE
    public JsonObject erase(@Context UriInfo uri) {
        var query = new QueryParameters(uri, Set.of(SUBJECT, CONNECTOR));
        return erase(query.get(SUBJECT), query);
    }

    private Response export(@Nullable String subject, QueryParameters query) {
        caller.require(Permission.STATUS);
        return Response.ok(subjects.export(connectors(query), check(subject)))
                .header(HttpHeaders.CONTENT_DISPOSITION, Subjects.AS_FILE)
                .build();
    }

    private JsonObject erase(@Nullable String subject, QueryParameters query) {
        caller.require(Permission.TOKEN);
        var erasure = subjects.erase(connectors(query), check(subject), caller.actor());
        return RecordJson.write(erasure.map(done -> new ErasureJson(done.rows(), done.id(), done.doneAt()))
                .orElse(new ErasureJson(0, null, null)));
    }

    private record ErasureJson(
            int erased, @Nullable String id, @Nullable Instant erasedAt) {}

    /** Empty for all. */
    private Set<ConnectorId> connectors(QueryParameters query) {
        ConnectorId connector = query.get(CONNECTOR, ConnectorId::new);
        if (connector == null) {
            return caller.connectors();
        }
        caller.requireConnector(connector);
        // A mistyped id must not look like a subject without data.
        if (!erasures.knows(connector)) {
            throw Problem.field(CONNECTOR, "there is no connector with this id").exception();
        }
        return Set.of(connector);
    }

    private static Subject check(@Nullable String subject) {
        if (subject == null
                || subject.isEmpty()
                || subject.length() > LONGEST
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw Problem.field(SUBJECT, "must have 1 to " + LONGEST + " characters, and no control characters")
                    .exception();
        }
        return new Subject(subject);
    }
}
