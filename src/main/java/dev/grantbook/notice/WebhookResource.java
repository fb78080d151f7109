package dev.grantbook.notice;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RequestBody;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A connector's webhook, as Meta specifies it: a challenge by which the provider verifies the address, and the notices.
 *
 * @see <a href="https://developers.facebook.com/docs/graph-api/webhooks/getting-started">Webhooks</a>
 */
@Path("{connector}/webhook")
public class WebhookResource {

    /** Bytes; Meta sends up to a thousand notices together, of 3 MB at most. */
    private static final int LARGEST = 3 * 1024 * 1024;

    @Inject
    Notices notices;

    @PathParam("connector")
    @SuppressWarnings("NullAway.Init")
    ConnectorId connector;

    /** Returns the challenge to a client that has the verify token, as plain text whatever it accepts. */
    @GET
    @Produces(MediaType.WILDCARD)
    public Response verify(
            @QueryParam("hub.mode") @Nullable String mode,
            @QueryParam("hub.verify_token") @Nullable String token,
            @QueryParam("hub.challenge") @Nullable String challenge) {
        boolean known = "subscribe".equals(mode) && notices.isVerifyToken(connector, token);
        if (!known || challenge == null) {
            throw Problem.of(403, "wrong-verify-token", "The verify token is not this connector's.")
                    .exception();
        }
        return Response.ok(challenge, MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                .build();
    }

    /** Answers 200: the provider takes every other status for a failure, 204 too. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response receive(@Context HttpHeaders headers, InputStream body) throws IOException {
        // The signature covers the bytes before any decoding.
        notices.webhook(connector, headers::getHeaderString, RequestBody.read(body, LARGEST));
        return Response.ok().build();
    }
}
