package dev.grantbook.token;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.grant.CallerGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.client.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Signs calls of bots to the provider's API, for grants that have a key in place of an access token. The key stays
 * here.
 */
@Path("grants/{id}/signature")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class SignatureResource {

    /** SHA-256 of no bytes. */
    private static final String NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Inject
    JsonBody bodies;

    @Inject
    CallerGrants grants;

    @Inject
    FreshTokens freshTokens;

    @Inject
    TokenUsage usage;

    @Inject
    ProviderApi api;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @POST
    public JsonObject sign(@PathParam("id") GrantId id, InputStream body) throws IOException {
        caller.require(Permission.TOKEN);
        Grant seen = grants.find(id);
        JsonObject json = bodies.read(body, "SignatureRequest");
        String path = path(json.getString("path"));
        byte[] content = content(json);
        FreshTokens.Fresh fresh = freshTokens.of(grants.connector(seen), seen);
        Grant grant = fresh.grant();
        if (!grant.isActive(clock.instant())) {
            throw Problem.of(
                            409,
                            "grant-not-active",
                            "This grant is " + grant.status(clock.instant()).wire()
                                    + "; POST /api/v1/access says what to do.")
                    .exception();
        }
        if (!grant.isSigning()) {
            throw notSigning();
        }
        SigningKey key = SigningKey.in(fresh.orUnavailable()).orElseThrow(SignatureResource::notSigning);
        SigningKey.Signed signed = api.sign(key, json.getString("method"), path, content);
        usage.count(grant);
        Meters.count("signatures", "connector", grant.connector().value());
        return RecordJson.write(
                new SignatureJson(signed.authorization(), signed.requestId(), signed.expiresAt(), key.serverKey()));
    }

    private record SignatureJson(
            Secret authorization,
            String requestId,
            Instant expiresAt,
            @Nullable String serverKey) {}

    private static ProblemException notSigning() {
        return Problem.of(
                        409,
                        "not-signing",
                        "This grant has an access token, which POST /api/v1/access answers; its calls are not signed.")
                .exception();
    }

    private static String path(String text) {
        if (!isPath(text)) {
            throw Problem.field("path", "must be path and query as they are sent, encoded: /snapshots?limit=10")
                    .exception();
        }
        return text;
    }

    private static boolean isPath(String text) {
        try {
            var path = new URI(text);
            return text.startsWith("/")
                    && path.getRawAuthority() == null
                    && path.getRawFragment() == null
                    && path.toASCIIString().equals(text);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Reads the body to sign, whose hash the request may name too. */
    private static byte[] content(JsonObject json) {
        String text = json.getString("body", "");
        String hash = json.getString("body_sha256", null);
        boolean same = hash == null || hash.equals(sha256(text));
        if (!same && !json.containsKey("body")) {
            throw Problem.field(
                            "body",
                            "is missing: the provider has the body itself signed, so that its hash is not enough")
                    .exception();
        }
        if (!same) {
            throw Problem.field("body_sha256", "is not the SHA-256 of body, in hex")
                    .exception();
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        return text.isEmpty() ? NOTHING : new Secret(text).hash();
    }
}
