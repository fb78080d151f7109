package dev.grantbook.sandbox.dialect;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.Dialects;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxKeys;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.TokenRequests;
import dev.grantbook.sandbox.TokenRequests.Refreshing;
import dev.grantbook.sandbox.TokenRequests.TokenFault;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A server that does what the RFCs say and what RFC 9700 advises: it describes itself (8414), takes pushed requests
 * (9126), demands PKCE (7636), names itself in every answer (9207), tells of tokens (7662), forgets them (7009), and
 * its refresh tokens work once: one that comes again ends all that its authorization has (9700 section 4.14.2).
 */
abstract class StandardDialect implements Dialect {

    /**
     * The consent page reads its request again when its button is pressed, so that it must last for as long as people
     * think.
     */
    private static final Duration PUSHED_LIFETIME = Duration.ofMinutes(10);

    private static final String REFERENCE = "urn:ietf:params:oauth:request_uri:";

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    SandboxKeys keys;

    @Inject
    TokenRequests requests;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** What this server says about itself beyond its endpoints for tokens. */
    abstract void describe(JsonObjectBuilder metadata);

    /** Scopes that nobody has to declare. */
    abstract Set<String> ownScopes();

    /** Demanded of every request, and not to be unticked. */
    abstract Scopes fixed();

    abstract boolean givesRefreshToken(Scopes granted);

    /** What goes into the token reply beside the tokens. */
    abstract void addTo(JsonObjectBuilder reply, SandboxAuthorization holder, boolean first);

    @Override
    public String authorizationPath() {
        return "authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        ConsentRequest asked = visit.get("request_uri") == null ? visit : findPushed(visit);
        asked.demandRedirectUri();
        asked.demandCode();
        Scopes declared = asked.client().declaredScopes();
        Scopes scopes = asked.scopes(
                "scope",
                " ",
                scope -> ownScopes().contains(scope) || declared.tokens().contains(scope));
        if (scopes.isEmpty() || !scopes.contains(fixed())) {
            throw asked.back("invalid_scope", "scope is missing, or lacks " + fixed());
        }
        String challenge = asked.s256();
        if (challenge == null) {
            throw asked.back("invalid_request", "code_challenge is missing.");
        }
        return new ConsentQuestion(asked, scopes, fixed(), challenge);
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return Dialect.super.describeGrant(ask, code).with("iss", issuer());
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return Dialect.super.describeDenial(ask).with("iss", issuer());
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "GET .well-known/openid-configuration" -> SandboxReply.ok(metadata());
            case "GET jwks" -> SandboxReply.ok(keys.published());
            case "POST par" -> push(call);
            case "POST token" -> token(call);
            case "GET userinfo", "POST userinfo" -> userInfo(call);
            case "POST introspect" -> introspect(call);
            case "POST revoke" -> revoke(call);
            default -> SandboxReply.notFound();
        };
    }

    final String issuer() {
        return settings.publicUrl(Dialects.HOME + id()).toString();
    }

    private JsonObject metadata() {
        var metadata = Json.createObjectBuilder()
                .add("issuer", issuer())
                .add("authorization_endpoint", issuer() + "/authorize")
                .add("token_endpoint", issuer() + "/token")
                .add("revocation_endpoint", issuer() + "/revoke")
                .add("introspection_endpoint", issuer() + "/introspect")
                .add("pushed_authorization_request_endpoint", issuer() + "/par")
                .add("response_types_supported", Json.createArrayBuilder().add("code"))
                .add(
                        "code_challenge_methods_supported",
                        Json.createArrayBuilder().add("S256"))
                .add("authorization_response_iss_parameter_supported", true)
                .add(
                        "token_endpoint_auth_methods_supported",
                        Json.createArrayBuilder().add("client_secret_basic").add("client_secret_post"));
        describe(metadata);
        return metadata.build();
    }

    /** The reference is the request itself, signed, so that nothing has to be kept between two nodes. */
    private SandboxReply push(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        if (form.get("request_uri") != null || !client.clientId().equals(form.get("client_id"))) {
            throw refusal(400, "invalid_request", "client_id must be there, and request_uri must not.");
        }
        var request = Json.createObjectBuilder();
        for (String name : form.names()) {
            if (!name.equals("client_secret")) {
                request.add(name, String.valueOf(form.get(name)));
            }
        }
        String signed = keys.sign(Json.createObjectBuilder()
                .add("request", request)
                .add("exp", clock.instant().plus(PUSHED_LIFETIME).getEpochSecond())
                .build());
        return SandboxReply.of(
                201,
                Json.createObjectBuilder()
                        .add("request_uri", REFERENCE + signed)
                        .add("expires_in", PUSHED_LIFETIME.toSeconds())
                        .build());
    }

    /** RFC 9126 section 4: only what was pushed counts, and only for the client that pushed it. */
    private ConsentRequest findPushed(ConsentRequest visit) {
        JsonObject request = Optional.ofNullable(visit.get("request_uri"))
                .filter(reference -> reference.startsWith(REFERENCE))
                .flatMap(reference -> open(reference.substring(REFERENCE.length())))
                .orElseThrow(() -> ConsentRefusal.page("invalid_request_uri", "request_uri is unknown or too old."));
        var parameters = new Parameters();
        request.forEach((name, value) -> parameters.with(name, ((JsonString) value).getString()));
        if (!visit.client().clientId().equals(parameters.get("client_id"))) {
            throw ConsentRefusal.page("invalid_request_uri", "request_uri is another client's.");
        }
        return new ConsentRequest(parameters, visit.client(), visit.registered());
    }

    private Optional<JsonObject> open(String signed) {
        try {
            JWSObject object = JWSObject.parse(signed);
            var key = JWKSet.parse(keys.published().toString()).getKeys().get(0).toRSAKey();
            if (!object.verify(new RSASSAVerifier(key))) {
                return Optional.empty();
            }
            try (var reader =
                    Json.createReader(new StringReader(object.getPayload().toString()))) {
                JsonObject claims = reader.readObject();
                boolean live = claims.getJsonNumber("exp").longValue()
                        > clock.instant().getEpochSecond();
                // An ID token has the same signature and is no request.
                return live && claims.containsKey("request")
                        ? Optional.of(claims.getJsonObject("request"))
                        : Optional.empty();
            }
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        SandboxCall.secret(form, "refresh_token")
                .flatMap(token -> authorizations.find(id(), SandboxToken.SPENT, token))
                .filter(robbed -> robbed.clientId().equals(client.clientId()))
                .ifPresent(authorizations::end);
        Duration lifetime = settings.sandbox().tokenLifetime();
        SandboxAuthorization holder = requests.find(id(), client, form, Refreshing.ROTATES, StandardDialect::refusal);
        var reply = Json.createObjectBuilder()
                .add(
                        "access_token",
                        authorizations
                                .grant(holder, SandboxToken.ACCESS, lifetime)
                                .value())
                .add("token_type", "Bearer")
                .add("expires_in", lifetime.toSeconds())
                .add("scope", holder.scopes().toString());
        if (givesRefreshToken(holder.scopes())) {
            reply.add(
                    "refresh_token",
                    authorizations
                            .grant(holder, SandboxToken.REFRESH, SandboxAuthorizations.LIFETIME)
                            .value());
        }
        addTo(reply, holder, "authorization_code".equals(form.get("grant_type")));
        return SandboxReply.ok(reply.build());
    }

    private SandboxReply userInfo(SandboxCall call) {
        SandboxAuthorization holder = call.bearer()
                .flatMap(token -> authorizations.find(id(), token))
                .orElseThrow(() -> SandboxReply.error(401, "invalid_token", "The token is not valid.")
                        .with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                        .refusal());
        SandboxAccount account = holder.account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("sub", account.userId())
                .add("name", account.fullName())
                .build());
    }

    /** RFC 7662 section 2.2: of a token that is dead, unknown or another client's nothing more is said. */
    private SandboxReply introspect(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        JsonObjectBuilder reply = Json.createObjectBuilder();
        Optional<SandboxAuthorization> holder = find(form, client);
        reply.add("active", holder.isPresent());
        holder.ifPresent(known -> reply.add("scope", known.scopes().toString())
                .add("client_id", known.clientId())
                .add("sub", known.account().userId()));
        return SandboxReply.ok(reply.build());
    }

    /**
     * RFC 7009 section 2.2: a token that is unknown has ended already. Whichever ends, all of its authorization end.
     */
    private SandboxReply revoke(SandboxCall call) {
        Parameters form = form(call);
        find(form, client(call, form)).ifPresent(authorizations::end);
        return SandboxReply.empty(200);
    }

    private Optional<SandboxAuthorization> find(Parameters form, Connector client) {
        Secret token = SandboxCall.secret(form, "token")
                .orElseThrow(() -> refusal(400, "invalid_request", "token is missing."));
        return authorizations
                .find(id(), token)
                .or(() -> authorizations.find(id(), SandboxToken.REFRESH, token))
                .filter(holder -> holder.clientId().equals(client.clientId()));
    }

    /** RFC 6749 section 2.3: in one place, not in two. */
    private Connector client(SandboxCall call, Parameters form) {
        Optional<ClientCredentials> header = call.basic();
        Optional<ClientCredentials> body = SandboxCall.credentials(form);
        return (header.isPresent() == body.isPresent() ? Optional.<ClientCredentials>empty() : header.or(() -> body))
                .flatMap(shown -> clients.authenticate(id(), shown))
                .orElseThrow(() -> refusal(401, "invalid_client", "The client is unknown, or its secret is wrong."));
    }

    private static Parameters form(SandboxCall call) {
        return call.form().orElseThrow(() -> refusal(400, "invalid_request", "The body must be a form."));
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", "grant_type is not one of this server's.");
            case CODE -> refusal(400, "invalid_grant", "The code is unknown, used, too old or another client's.");
            case REDIRECT_URI -> refusal(400, "invalid_grant", "redirect_uri is not the one of the first request.");
            case VERIFIER -> refusal(400, "invalid_grant", "code_verifier does not fit the challenge.");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", "The refresh token is unknown or used.");
        };
    }

    private static Refusal refusal(int status, String error, String description) {
        return SandboxReply.error(status, error, description).refusal();
    }
}
