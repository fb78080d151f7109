package dev.grantbook.sandbox;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * Mixin Messenger (developers.mixin.one, and the source of its own consent page). It takes JSON, answers inside
 * {@code data}, and refuses with HTTP status 202; a few calls of its API show whether a token and its scopes work.
 */
@ApplicationScoped
class MixinDialect implements Dialect {

    static final String ID = "mixin";

    /** The page does not let the user untick it. */
    private static final Scopes PROFILE = Scopes.of("PROFILE:READ");

    private static final Scopes SCOPES = PROFILE.plus(Scopes.of(
            "PHONE:READ",
            "CONTACTS:READ",
            "ASSETS:READ",
            "SNAPSHOTS:READ",
            "MESSAGES:REPRESENT",
            "CIRCLES:READ",
            "CIRCLES:WRITE",
            "COLLECTIBLES:READ",
            "STICKER:READ",
            "APPS:READ",
            "APPS:WRITE"));

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return "oauth/authorize";
    }

    @Override
    public Ask read(Visit visit) {
        try {
            MixinAuthorizationRequest request = parse(visit);
            return new Ask(visit, request.scopes(), PROFILE, request.challenge());
        } catch (MixinRefusal refusal) {
            throw ConsentRefusal.page(String.valueOf(refusal.code()), refusal.description());
        }
    }

    /** The real page glues the address together by itself. */
    @Override
    public URI location(Ask ask, Parameters result) {
        MixinAuthorizationRequest request = parse(ask.visit());
        URI registered = ask.visit().registered();
        return URI.create(Call.secret(result, "code")
                .map(code -> request.granted(registered, code))
                .orElseGet(() -> request.refused(registered)));
    }

    private static MixinAuthorizationRequest parse(Visit visit) {
        return MixinAuthorizationRequest.parse(visit.query(), SCOPES, PROFILE);
    }

    @Override
    public Answer answer(Call call) {
        try {
            return switch (call.route()) {
                case "POST oauth/token" -> token(call);
                case "GET me" -> me(call);
                case "GET assets" -> sample(call, "ASSETS:READ", "assets");
                case "GET snapshots" -> sample(call, "SNAPSHOTS:READ", "snapshots");
                case "GET friends" -> sample(call, "CONTACTS:READ", "friends");
                default -> throw MixinRefusal.notFound();
            };
        } catch (MixinRefusal refusal) {
            return Answer.of(202, refusal.toJson());
        }
    }

    private Answer token(Call call) {
        if (!call.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw MixinRefusal.badBody("Content-Type must be application/json.");
        }
        var request = MixinTokenRequest.parse(call.body());
        if (clients.proved(ID, new Credentials(request.clientId(), request.clientSecret()))
                .isEmpty()) {
            throw MixinRefusal.unauthorized();
        }
        var authorization = authorizations
                .take(ID, request.clientId(), request.code())
                .orElseThrow(() -> MixinRefusal.invalid("code", "the code is unknown, used or too old."));
        if (!request.proves(authorization.challenge())) {
            throw MixinRefusal.invalid(
                    "code_verifier", "the challenge is not the SHA-256 of the bytes that the verifier decodes to.");
        }
        Secret token = authorizations.grant(authorization);
        return data(Json.createObjectBuilder()
                .add("access_token", token.value())
                .add("scope", authorization.scopes().toString())
                .build());
    }

    private Answer me(Call call) {
        SandboxAuthorization authorization = authorization(call);
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

    private Answer sample(Call call, String scope, String name) {
        if (!authorization(call).allows(scope)) {
            throw MixinRefusal.forbidden();
        }
        var in = Objects.requireNonNull(
                MixinDialect.class.getResourceAsStream("/sandbox/mixin/" + name + ".json"), name);
        try (var reader = Json.createReader(in)) {
            return data(reader.readArray());
        }
    }

    private SandboxAuthorization authorization(Call call) {
        return call.bearer().flatMap(token -> authorizations.find(ID, token)).orElseThrow(MixinRefusal::unauthorized);
    }

    private static Answer data(JsonValue value) {
        JsonObject body = Json.createObjectBuilder().add("data", value).build();
        return Answer.ok(body);
    }
}
