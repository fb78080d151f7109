package dev.grantbook.grant;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.platform.Problem;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Everything about one chat user, to be handed out or forgotten. */
@Path("subjects")
@Produces(MediaType.APPLICATION_JSON)
public class SubjectsResource {

    private static final int LONGEST = 255;

    @Inject
    Subjects subjects;

    @Inject
    Caller caller;

    @GET
    @Path("{subject}")
    public Response export(@PathParam("subject") String subject) {
        caller.require(Permission.STATUS);
        return Response.ok(subjects.export(caller.connectors(), checked(subject)))
                .header(HttpHeaders.CONTENT_DISPOSITION, Subjects.AS_FILE)
                .build();
    }

    /** Doing it twice is no error: the second time there is nothing. */
    @DELETE
    @Path("{subject}")
    public JsonObject erase(@PathParam("subject") String subject) {
        caller.require(Permission.TOKEN);
        var erasure = subjects.erase(caller.connectors(), checked(subject), caller.actor());
        var json = Json.createObjectBuilder()
                .add("erased", erasure.map(Erasure::rows).orElse(0));
        erasure.ifPresent(
                done -> json.add("id", done.id()).add("erased_at", done.doneAt().toString()));
        return json.build();
    }

    private static String checked(String subject) {
        if (subject.isEmpty() || subject.length() > LONGEST || subject.chars().anyMatch(Character::isISOControl)) {
            throw Problem.field("subject", "must have 1 to " + LONGEST + " characters, and no control characters")
                    .exception();
        }
        return subject;
    }
}
