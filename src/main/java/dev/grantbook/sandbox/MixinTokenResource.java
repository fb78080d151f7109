package dev.grantbook.sandbox;

import dev.grantbook.oauth.Secret;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Mixin's token end point. */
@Path("oauth/token")
@Produces(MediaType.APPLICATION_JSON)
public class MixinTokenResource {

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @POST
    public Response exchange(@HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String type, InputStream body)
            throws IOException {
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_JSON)) {
            throw MixinRefusal.badBody("Content-Type must be application/json.");
        }
        var request = MixinTokenRequest.parse(SmallBody.text(body));
        boolean known =
                clients.find(Mixin.CONSENT, request.clientId()).isPresent() && clients.isSecret(request.clientSecret());
        if (!known) {
            throw MixinRefusal.unauthorized();
        }
        var authorization = authorizations
                .take(Mixin.ID, request.clientId(), request.code())
                .orElseThrow(() -> MixinRefusal.invalid("code", "the code is unknown, used or too old."));
        if (!request.proves(authorization.challenge())) {
            throw MixinRefusal.invalid(
                    "code_verifier", "the challenge is not the SHA-256 of the bytes that the verifier decodes to.");
        }
        Secret token = authorizations.grant(authorization);
        JsonObject data = Json.createObjectBuilder()
                .add("access_token", token.value())
                .add("scope", authorization.scopes().toString())
                .build();
        return Response.ok(Json.createObjectBuilder().add("data", data).build())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
