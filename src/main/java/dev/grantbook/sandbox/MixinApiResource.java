package dev.grantbook.sandbox;

import dev.grantbook.oauth.Secret;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a bot can ask with a user's token: enough of Mixin's API to see whether a token and its scopes work. */
@Path("")
@Produces(MediaType.APPLICATION_JSON)
public class MixinApiResource {

    private static final String BEARER = "bearer ";

    @Inject
    SandboxAuthorizations authorizations;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    @Nullable
    String header;

    @GET
    @Path("me")
    public JsonObject me() {
        SandboxAuthorization authorization = authorization();
        SandboxAccount account = authorization.account();
        boolean phone = authorization.allows("PHONE:READ");
        return data(Json.createObjectBuilder()
                .add("type", "user")
                .add("user_id", account.userId())
                .add("identity_number", account.number())
                .add("phone", phone ? account.phone() : "")
                .add("full_name", account.fullName())
                .add("biography", "")
                .add("avatar_url", "")
                .add("relationship", "ME")
                .add("mute_until", "0001-01-01T00:00:00Z")
                .add("created_at", "2020-01-01T00:00:00Z")
                .add("is_verified", false)
                .add("is_scam", false)
                .add("has_pin", true)
                .add("fiat_currency", "USD")
                .build());
    }

    @GET
    @Path("assets")
    public JsonObject assets() {
        return sample("ASSETS:READ", "assets");
    }

    @GET
    @Path("snapshots")
    public JsonObject snapshots() {
        return sample("SNAPSHOTS:READ", "snapshots");
    }

    @GET
    @Path("friends")
    public JsonObject friends() {
        return sample("CONTACTS:READ", "friends");
    }

    private JsonObject sample(String scope, String name) {
        if (!authorization().allows(scope)) {
            throw MixinRefusal.forbidden();
        }
        var in = Objects.requireNonNull(getClass().getResourceAsStream("/sandbox/mixin/" + name + ".json"), name);
        try (var reader = Json.createReader(in)) {
            JsonArray list = reader.readArray();
            return data(list);
        }
    }

    private SandboxAuthorization authorization() {
        return Optional.ofNullable(header)
                .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(text -> text.substring(BEARER.length()).strip())
                .filter(token -> !token.isEmpty())
                .flatMap(token -> authorizations.find(Mixin.ID, new Secret(token)))
                .orElseThrow(MixinRefusal::unauthorized);
    }

    private static JsonObject data(JsonValue value) {
        return Json.createObjectBuilder().add("data", value).build();
    }
}
