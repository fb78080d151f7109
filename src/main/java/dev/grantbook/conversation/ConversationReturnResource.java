package dev.grantbook.conversation;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RedirectTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Takes browsers back from attempts that began in a conversation. */
@Path("end/{link}")
@ApplicationScoped
public class ConversationReturnResource extends RedirectTarget {

    @Inject
    ConversationReturn end;

    @GET
    public Response arrive(@PathParam("link") String link, @QueryParam("attempt") @Nullable String attempt) {
        if (attempt == null || attempt.isEmpty()) {
            throw Problem.field("attempt", "missing").exception();
        }
        return Response.seeOther(end.arrive(link, new Secret(attempt))).build();
    }
}
