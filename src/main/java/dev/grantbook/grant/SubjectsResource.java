package dev.grantbook.grant;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.platform.Problem;
import dev.grantbook.platform.QueryParameters;
import jakarta.inject.Inject;
import jakarta.json.Json;
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
import java.util.Set;

/** Everything about one chat user, to be handed out or forgotten. */
@Path("subjects")
@Produces(MediaType.APPLICATION_JSON)
public class SubjectsResource {

    private static final int LONGEST = 255;

    private static final String CONNECTOR = "connector";

    @Inject
    Subjects subjects;

    @Inject
    Erasures erasures;

    @Inject
    Caller caller;

    @GET
    @Path("{subject}")
    public Response export(@PathParam("subject") String subject, @Context UriInfo uri) {
        caller.require(Permission.STATUS);
        return Response.ok(subjects.export(connectors(uri), checked(subject)))
                .header(HttpHeaders.CONTENT_DISPOSITION, Subjects.AS_FILE)
                .build();
    }

    /** Doing it twice is no error: the second time there is nothing. */
    @DELETE
    @Path("{subject}")
    public JsonObject erase(@PathParam("subject") String subject, @Context UriInfo uri) {
        caller.require(Permission.TOKEN);
        var erasure = subjects.erase(connectors(uri), checked(subject), caller.actor());
        var json = Json.createObjectBuilder()
                .add("erased", erasure.map(Erasure::rows).orElse(0));
        erasure.ifPresent(
                done -> json.add("id", done.id()).add("erased_at", done.doneAt().toString()));
        return json.build();
    }

    /** The only ones that are asked; empty for all. */
    private Set<String> connectors(UriInfo uri) {
        String connector = new QueryParameters(uri, Set.of(CONNECTOR)).get(CONNECTOR);
        if (connector == null) {
            return caller.connectors();
        }
        caller.requireConnector(connector);
        // A slip of the pen must not look like somebody of whom nothing is kept.
        if (!erasures.knows(connector)) {
            throw Problem.field(CONNECTOR, "there is no connector with this id").exception();
        }
        return Set.of(connector);
    }

    private static String checked(String subject) {
        if (subject.isEmpty() || subject.length() > LONGEST || subject.chars().anyMatch(Character::isISOControl)) {
            throw Problem.field("subject", "must have 1 to " + LONGEST + " characters, and no control characters")
                    .exception();
        }
        return subject;
    }
}
