package dev.grantbook.sandbox.mixin;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Mixin Messenger (developers.mixin.one, and the source of its own consent page). It takes JSON, answers inside
 * {@code data}, and refuses with HTTP status 202; a few calls of its API show whether a token and its scopes work. A
 * client that names a public key gets no token: it signs each call, and each reply is signed in turn.
 */
@Dependent
public class MixinDialect extends Dialect {

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

    private static final Duration INTEGRITY_LIFETIME = Duration.ofMinutes(5);

    public MixinDialect() {
        super("mixin", "oauth/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest sent) {
        try {
            MixinAuthorizationRequest request = parse(sent);
            return new ConsentQuestion(sent, request.scopes(), PROFILE, request.challenge());
        } catch (MixinRefusal refusal) {
            throw ConsentRefusal.page(String.valueOf(refusal.code()), refusal.description());
        }
    }

    /** Mixin's page concatenates the address. */
    @Override
    public URI location(ConsentQuestion ask, Parameters result) {
        MixinAuthorizationRequest request = parse(ask.request());
        URI registered = ask.request().registered();
        return URI.create(SandboxCall.secret(result, "code")
                .map(code -> request.describeGrant(registered, code))
                .orElseGet(() -> request.describeRefusal(registered)));
    }

    private static MixinAuthorizationRequest parse(ConsentRequest sent) {
        return MixinAuthorizationRequest.parse(sent.query(), SCOPES, PROFILE);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        try {
            return switch (call.route()) {
                case "POST oauth/token" -> token(call);
                case "GET me" -> sign(call, me(call));
                case "POST users/fetch" -> sign(call, users(call));
                case "GET assets" -> sign(call, sample(call, "ASSETS:READ", "assets"));
                case "GET snapshots" -> sign(call, sample(call, "SNAPSHOTS:READ", "snapshots"));
                case "GET friends" -> sign(call, sample(call, "CONTACTS:READ", "friends"));
                default -> throw MixinRefusal.notFound();
            };
        } catch (MixinRefusal refusal) {
            return SandboxReply.of(202, refusal.toJson());
        }
    }

    /**
     * A reply to a signed call can be checked with the key of the token reply (fox-one/mixin-sdk-go {@code sign.go}).
     */
    private SandboxReply sign(SandboxCall call, SandboxReply answer) {
        String requestId = call.header("x-request-id");
        if (call.bearer().flatMap(token -> MixinSignature.read(token.value())).isEmpty()) {
            return answer;
        }
        Instant now = clock.instant();
        String integrity = keys.signEd25519(Json.createObjectBuilder()
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(INTEGRITY_LIFETIME).getEpochSecond())
                .add("jti", requestId)
                .add("sig", MixinSignature.digest(call.method(), call.uri(), answer.body())));
        return answer.with("X-Request-Id", requestId).with("X-Integrity-Token", integrity);
    }

    private SandboxReply token(SandboxCall call) {
        if (!call.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw MixinRefusal.badBody("Content-Type must be application/json.");
        }
        var request = MixinTokenRequest.parse(call.body());
        Connector client = authenticate(Optional.of(new ClientCredentials(request.clientId(), request.clientSecret())))
                .orElseThrow(MixinRefusal::unauthorized);
        SandboxAuthorization holder = authorizations
                .take(id(), client.clientId(), request.code())
                .orElseThrow(() -> MixinRefusal.invalid("code", "the code is unknown, used or too old."));
        if (!request.proves(holder.challenge())) {
            throw MixinRefusal.invalid(
                    "code_verifier", "the challenge is not the SHA-256 of the bytes that the verifier decodes to.");
        }
        String publicKey = request.publicKey();
        JsonObjectBuilder reply =
                Json.createObjectBuilder().add("scope", holder.scopes().toString());
        if (publicKey == null) {
            reply.add("access_token", authorizations.grant(holder).value());
        } else {
            authorizations.bind(holder, publicKey);
            reply.add("ed25519", keys.publishedEd25519()).add("authorization_id", holder.id());
        }
        return data(reply.build());
    }

    private SandboxReply me(SandboxCall call) {
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

    /** The body is a list of ids. */
    private SandboxReply users(SandboxCall call) {
        authorization(call);
        var found = Json.createArrayBuilder();
        try {
            for (JsonString id : Json.readValue(call.body()).asJsonArray().getValuesAs(JsonString.class)) {
                SandboxAccount.of(id.getString())
                        .ifPresent(account -> found.add(Json.createObjectBuilder()
                                .add("type", "user")
                                .add("user_id", account.userId())
                                .add("identity_number", account.number())
                                .add("full_name", account.fullName())));
            }
        } catch (RuntimeException e) {
            // Parsers report their limits by exceptions of any type.
            throw MixinRefusal.badBody("it is no list of user ids.");
        }
        return data(found.build());
    }

    private SandboxReply sample(SandboxCall call, String scope, String name) {
        if (!authorization(call).allows(scope)) {
            throw MixinRefusal.forbidden();
        }
        var in = Objects.requireNonNull(
                MixinDialect.class.getResourceAsStream("/sandbox/mixin/" + name + ".json"), name);
        try (var reader = Json.createReader(in)) {
            return data(reader.readArray());
        }
    }

    private SandboxAuthorization authorization(SandboxCall call) {
        Secret token = call.bearer().orElseThrow(MixinRefusal::unauthorized);
        return MixinSignature.read(token.value())
                .map(signature -> signer(call, signature))
                .orElseGet(() -> find(Optional.of(token)))
                .orElseThrow(MixinRefusal::unauthorized);
    }

    private Optional<SandboxAuthorization> signer(SandboxCall call, MixinSignature signature) {
        return authorizations
                .signing(id(), signature.authorization())
                .filter(holder -> MixinSignature.publicKey(String.valueOf(holder.publicKey()))
                        .filter(key -> signature.fits(call, call.uri(), holder, key, clock.instant()))
                        .isPresent());
    }

    private static SandboxReply data(JsonValue value) {
        return SandboxReply.ok(Map.of("data", value));
    }
}
