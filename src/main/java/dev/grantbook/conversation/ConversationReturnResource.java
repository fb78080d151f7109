package dev.grantbook.conversation;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Takes browsers back from attempts that began in a conversation. Renders nothing: its own address holds a handle. */
@Path("end/{link}")
public class ConversationReturnResource {

    @Inject
    ConversationReturn end;

    @HEAD
    public Response look() {
        return Response.noContent().build();
    }

    @GET
    public Response arrive(@PathParam("link") String link, @QueryParam("attempt") @Nullable String attempt) {
        if (attempt == null || attempt.isEmpty()) {
            throw Problem.field("attempt", "missing").exception();
        }
        return Response.seeOther(end.arrive(link, new Secret(attempt)))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
