package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A server that implements the RFCs and RFC 9700's advice: it describes itself (8414), takes pushed requests (9126),
 * demands PKCE (7636), names itself in every authorization response (9207), introspects (7662) and revokes (7009)
 * tokens, and its refresh tokens work once: reuse ends the whole authorization (9700 section 4.14.2).
 */
abstract class StandardDialect extends Dialect {

    /** The consent page reads its request again when its button is pressed, so that users need time to think. */
    private static final Duration PUSHED_LIFETIME = Duration.ofMinutes(10);

    private static final String REFERENCE = "urn:ietf:params:oauth:request_uri:";

    @Inject
    Settings settings;

    private final Set<String> ownScopes;
    private final Scopes fixed;

    /**
     * @param ownScopes scopes that no connector has to declare
     * @param fixed demanded of every request, and not to be unticked
     */
    StandardDialect(String id, Set<String> ownScopes, Scopes fixed) {
        super(id, "authorize");
        this.ownScopes = ownScopes;
        this.fixed = fixed;
    }

    /** Adds metadata beyond the token endpoints. */
    void describe(JsonObjectBuilder metadata) {}

    abstract boolean givesRefreshToken(Scopes granted);

    /** Adds to the token reply beside the tokens. */
    void addTo(JsonObjectBuilder reply, SandboxAuthorization holder, boolean first) {}

    @Override
    public ConsentQuestion read(ConsentRequest sent) {
        ConsentRequest request = sent.get("request_uri") == null ? sent : findPushed(sent);
        request.demandRedirectUri();
        request.demandCode();
        Scopes declared = request.client().declaredScopes();
        Scopes scopes = request.scopes(
                "scope",
                " ",
                scope -> ownScopes.contains(scope) || declared.tokens().contains(scope));
        if (scopes.isEmpty() || !scopes.contains(fixed)) {
            throw request.back("invalid_scope", "scope is missing, or lacks " + fixed);
        }
        return new ConsentQuestion(request, scopes, fixed, request.demandS256());
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return super.describeGrant(ask, code).with("iss", issuer());
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask).with("iss", issuer());
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "GET .well-known/openid-configuration" -> metadata();
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
        return clients.home(id());
    }

    private SandboxReply metadata() {
        var metadata = Json.createObjectBuilder()
                .add("issuer", issuer())
                .add("authorization_endpoint", issuer() + "/authorize")
                .add("token_endpoint", issuer() + "/token")
                .add("revocation_endpoint", issuer() + "/revoke")
                .add("introspection_endpoint", issuer() + "/introspect")
                .add("pushed_authorization_request_endpoint", issuer() + "/par")
                .add("response_types_supported", Json.createArrayBuilder(List.of("code")))
                .add("code_challenge_methods_supported", Json.createArrayBuilder(List.of("S256")))
                .add("authorization_response_iss_parameter_supported", true)
                .add(
                        "token_endpoint_auth_methods_supported",
                        Json.createArrayBuilder(List.of("client_secret_basic", "client_secret_post")));
        describe(metadata);
        return SandboxReply.ok(metadata);
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
                .add("exp", clock.instant().plus(PUSHED_LIFETIME).getEpochSecond()));
        return SandboxReply.of(
                201, Map.of("request_uri", REFERENCE + signed, "expires_in", PUSHED_LIFETIME.toSeconds()));
    }

    /** RFC 9126 section 4: only what was pushed counts, and only for the client that pushed it. */
    private ConsentRequest findPushed(ConsentRequest sent) {
        JsonObject request = Optional.ofNullable(sent.get("request_uri"))
                .filter(reference -> reference.startsWith(REFERENCE))
                .flatMap(reference -> keys.open(reference.substring(REFERENCE.length())))
                // An ID token has the same signature and is no request.
                .filter(claims -> claims.containsKey("request")
                        && claims.getJsonNumber("exp").longValue()
                                > clock.instant().getEpochSecond())
                .map(claims -> claims.getJsonObject("request"))
                .orElseThrow(() -> ConsentRefusal.page("invalid_request_uri", "request_uri is unknown or too old."));
        var parameters = new Parameters();
        request.forEach((name, value) -> parameters.with(name, ((JsonString) value).getString()));
        if (!sent.client().clientId().equals(parameters.get("client_id"))) {
            throw ConsentRefusal.page("invalid_request_uri", "request_uri is another client's.");
        }
        return new ConsentRequest(parameters, sent.client(), sent.registered());
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        find(SandboxToken.SPENT, SandboxCall.secret(form, "refresh_token"))
                .filter(holder -> holder.isHeldBy(client.clientId()))
                .ifPresent(authorizations::end);
        SandboxAuthorization holder = acceptGrant(client, form, Refreshing.ONCE, StandardDialect::refusal);
        var reply = beginReply(holder, settings.sandbox().tokenLifetime(), "Bearer")
                .add("scope", holder.scopes().toString());
        if (givesRefreshToken(holder.scopes())) {
            addRefreshToken(reply, holder, SandboxAuthorizations.LIFETIME);
        }
        addTo(reply, holder, "authorization_code".equals(form.get("grant_type")));
        return SandboxReply.ok(reply);
    }

    private SandboxReply userInfo(SandboxCall call) {
        SandboxAccount account = find(call.bearer())
                .orElseThrow(() -> SandboxReply.error(401, "invalid_token", "The token is not valid.")
                        .with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                        .refusal())
                .account();
        return SandboxReply.ok(Map.of("sub", account.userId(), "name", account.fullName()));
    }

    /** RFC 7662 section 2.2: a token that is dead, unknown or another client's is inactive and nothing more. */
    private SandboxReply introspect(SandboxCall call) {
        return SandboxReply.ok(find(call)
                .<Map<String, Object>>map(known -> Map.of(
                        "active", true,
                        "scope", known.scopes().toString(),
                        "client_id", known.clientId(),
                        "sub", known.account().userId()))
                .orElse(Map.of("active", false)));
    }

    /** Ends the whole authorization, whichever of its tokens is sent; an unknown token is no error (RFC 7009). */
    private SandboxReply revoke(SandboxCall call) {
        find(call).ifPresent(authorizations::end);
        return SandboxReply.empty(200);
    }

    private Optional<SandboxAuthorization> find(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        Optional<Secret> token = SandboxCall.secret(form, "token");
        if (token.isEmpty()) {
            throw refusal(400, "invalid_request", "token is missing.");
        }
        return findEither(token).filter(holder -> holder.isHeldBy(client.clientId()));
    }

    private Connector client(SandboxCall call, Parameters form) {
        return authenticate(call, form)
                .orElseThrow(() -> refusal(401, "invalid_client", "The client is unknown, or its secret is wrong."));
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
}
