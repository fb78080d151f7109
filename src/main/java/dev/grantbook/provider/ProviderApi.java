package dev.grantbook.provider;

import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.ScopeDialect;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Bounds;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.http.OutboundHttp.Upload;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.platform.http.ReplyBody;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.provider.http.ProviderReply;
import dev.grantbook.provider.http.Reachability;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls a provider's API with a user's token. */
@ApplicationScoped
public class ProviderApi {

    private static final Logger LOG = Logger.getLogger(ProviderApi.class.getName());

    /** Of a list; more are not read. */
    private static final int MOST_PAGES = 20;

    private static final int LONGEST_ID = 255;

    private static final String ACCOUNT = "the account endpoint";
    private static final String PERMISSIONS = "the permissions endpoint";
    private static final String PROVIDER_TOKENS = "the list of secondary tokens";
    private static final String INTROSPECTION = "the introspection endpoint";
    private static final String KEYCLOAK_ITSELF = "account";
    private static final String VERIFICATION = "the verification endpoint";

    /** A UserInfo reply that is a JWT (OpenID Connect Core 1.0 section 5.3.2), which JSON never looks like. */
    private static final Pattern JWT = Pattern.compile("\\s*[\\w-]+\\.[\\w-]*\\.[\\w.-]*\\s*");

    /** Bytes of a body that is signed, and therefore read before it is sent. */
    public static final int LARGEST_SIGNED = 1024 * 1024;

    private static final byte[] NO_BODY = {};

    @Inject
    OutboundHttp http;

    @Inject
    IdTokens idTokens;

    @Inject
    Clock clock;

    /**
     * Reads the account of a token.
     *
     * @return empty when the provider has no endpoint for that
     * @throws ProviderException when no account came back
     */
    public Optional<Account> account(ClientRegistration client, Secret accessToken) {
        Provider provider = client.provider();
        URI target = provider.endpoints().account();
        if (target == null) {
            return Optional.empty();
        }
        ProviderReply reply = call(client, accessToken, target, ACCOUNT);
        String body = reply.reply().body();
        JsonObject named = reply.status() == 200 && JWT.matcher(body).matches()
                ? idTokens.userInfo(client, new Secret(body.strip()))
                : reply.requireEnvelope();
        return Optional.of(ProviderHttp.account(provider, named));
    }

    /**
     * Reads the granted scopes.
     *
     * @throws ProviderException when no list came back
     */
    public Scopes permissions(ClientRegistration client, Secret accessToken) {
        ScopeDialect.Permissions where =
                Objects.requireNonNull(client.provider().scopeDialect().permissions());
        URI target = Objects.requireNonNull(client.provider().endpoints().permissions());
        JsonObject body = call(client, accessToken, target, PERMISSIONS).requireAccepted();
        try {
            return Scopes.of(where.list().objects(body).stream()
                    .filter(line -> where.granted().equals(where.status().scalar(line)))
                    .map(line -> String.valueOf(where.scope().scalar(line)))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new ProviderException(FailureKind.MALFORMED, "the permissions endpoint does not list scopes", e);
        }
    }

    /**
     * Lists the user's secondary tokens.
     *
     * @return empty when there is no list, or the token may not read it
     * @throws ProviderException when no list came back
     */
    public List<ProviderToken> listProviderTokens(ClientRegistration client, Secret accessToken) {
        Provider.ProviderTokenList where = client.provider().providerTokens();
        URI first = client.provider().endpoints().providerTokens();
        if (where == null || first == null) {
            return List.of();
        }
        var providerTokens = new ArrayList<ProviderToken>();
        URI page = first;
        for (int pages = 0; page != null && pages < MOST_PAGES; pages++) {
            ProviderReply reply = call(client, accessToken, page, PROVIDER_TOKENS);
            Optional<ApiFailure> failure = failure(reply, reply.json());
            if (failure.isPresent() && failure.get().meaning() == ApiFailure.Meaning.SCOPE_MISSING) {
                return List.of();
            }
            if (failure.isPresent()) {
                throw new ProviderException(
                        FailureKind.REFUSED,
                        "the list of secondary tokens was refused: "
                                + failure.get().meaning());
            }
            JsonObject body = reply.object();
            for (JsonObject line : where.list().objects(body)) {
                String id = where.id().scalar(line);
                String token = where.token().scalar(line);
                if (id != null && id.length() <= LONGEST_ID && token != null && !token.isEmpty()) {
                    String name = Account.line(where.name().scalar(line));
                    providerTokens.add(new ProviderToken(where.kind(), id, name, new Secret(token)));
                }
            }
            page = next(first, where.next().scalar(body));
        }
        return List.copyOf(providerTokens);
    }

    /** Ends a list that continues at another server: the token goes only where the descriptor says. */
    private static @Nullable URI next(URI first, @Nullable String address) {
        return address != null && isAtServer(first, address) ? URI.create(address) : null;
    }

    private static boolean isAtServer(URI server, String text) {
        try {
            var other = new URI(text);
            return server.getScheme().equals(other.getScheme())
                    && Objects.equals(server.getRawAuthority(), other.getRawAuthority());
        } catch (URISyntaxException e) {
            return false; // an API may have any name
        }
    }

    /**
     * Probes whether a token lives.
     *
     * @throws ProviderException when the reply says nothing about the token
     */
    public ProbeResult probe(ClientRegistration client, Secret accessToken) {
        String outcome = "unknown";
        try {
            ProbeResult result = Reachability.watch(client.provider(), () -> ask(client, accessToken));
            outcome = result.outcome();
            return result;
        } finally {
            Meters.count("probes", "provider", client.provider().id(), "outcome", outcome);
        }
    }

    private ProbeResult ask(ClientRegistration client, Secret accessToken) {
        Endpoints endpoints = client.provider().endpoints();
        // A signing key is sent to no endpoint; it signs a call instead.
        boolean signs = SigningKey.in(accessToken).isPresent();
        return switch (signs
                ? ProbeMethod.How.ACCOUNT
                : client.provider().probe().how()) {
            case ACCOUNT ->
                endpoints.account() == null ? ProbeResult.unasked() : look(client, accessToken, endpoints.account());
            case INTROSPECTION -> introspect(client, accessToken, Objects.requireNonNull(endpoints.introspection()));
            case VERIFICATION -> verify(client, accessToken, Objects.requireNonNull(endpoints.verification()));
        };
    }

    private ProbeResult look(ClientRegistration client, Secret accessToken, URI target) {
        ProviderReply reply = call(client, accessToken, target, ACCOUNT);
        URI introspection = client.provider().endpoints().introspection();
        if (reply.status() == 401 && isForAnother(client, accessToken)) {
            return introspection == null ? ProbeResult.unasked() : introspect(client, accessToken, introspection);
        }
        return failure(reply, reply.jsonOrEmpty()).map(ProbeResult::refuse).orElse(ProbeResult.alive(null));
    }

    /**
     * Whether UserInfo may refuse this token since its audience is an API: the connector asks for tokens of that kind
     * (RFC 8707, or {@code audience} at some servers), or the token says so itself (RFC 9068).
     */
    private static boolean isForAnother(ClientRegistration client, Secret accessToken) {
        String issuer = client.provider().issuer();
        if (client.provider().idToken() == null || issuer == null) {
            return false;
        }
        if (Stream.of("audience", "resource")
                .anyMatch(name -> !client.parameters().getOrDefault(name, "").isEmpty())) {
            return true;
        }
        List<String> audience = IdTokens.audience(accessToken);
        return !audience.isEmpty()
                && audience.stream()
                        .noneMatch(name -> name.equals(client.clientId())
                                || name.equals(KEYCLOAK_ITSELF)
                                || isAtServer(URI.create(issuer), name));
    }

    /** RFC 7662. */
    private ProbeResult introspect(ClientRegistration client, Secret accessToken, URI target) {
        var parameters = new Parameters().with("token", accessToken.value()).with("token_type_hint", "access_token");
        // A refusal is about the client, not about the token.
        JsonObject body = new EndpointCall(client, INTROSPECTION, parameters)
                .authenticate(client.authentication())
                .send(http, "POST", BodyFormat.FORM, target)
                .requireAccepted();
        return body.getBoolean("active", false)
                ? ProbeResult.alive(ProviderHttp.scopes(body.get("scope"), ',', "", INTROSPECTION))
                : ProbeResult.dead();
    }

    private ProbeResult verify(ClientRegistration client, Secret accessToken, URI target) {
        ProbeMethod probe = client.provider().probe();
        var parameters = new Parameters().with(probe.parameter(), accessToken.value());
        if (probe.appToken()) {
            parameters.with(
                    "access_token", client.clientId() + "|" + client.secret().value());
        }
        ProviderReply reply =
                new EndpointCall(client, VERIFICATION, parameters).send(http, "GET", BodyFormat.QUERY, target);
        // A refusal is about the app where its own token authorizes the call.
        boolean refused = !probe.appToken() && (reply.status() == 400 || reply.status() == 401);
        if (refused) {
            return ProbeResult.dead();
        }
        JsonObject body = reply.requireAccepted();
        boolean foreign = probe.clientId() != null
                && !client.clientId().equals(probe.clientId().scalar(body));
        boolean invalid = probe.valid() != null
                && probe.valid().in(body).filter(JsonValue.TRUE::equals).isEmpty();
        return foreign || invalid
                ? ProbeResult.dead()
                : ProbeResult.alive(
                        probe.scopes() == null
                                ? null
                                : ProviderHttp.scopes(probe.scopes().in(body).orElse(null), ',', "", VERIFICATION));
    }

    /** @throws ProviderException when the reply reports a fault that says nothing about the token */
    private static Optional<ApiFailure> failure(ProviderReply reply, JsonStructure body) {
        if (reply.error(body).isEmpty()) {
            return Optional.empty();
        }
        ApiFailure failure = reply.provider().failure(reply.status(), body);
        if (failure.meaning() == ApiFailure.Meaning.UNKNOWN) {
            throw new ProviderException(
                    FailureKind.UNREACHABLE, "HTTP " + reply.status() + " says nothing about the token");
        }
        return Optional.of(failure);
    }

    /**
     * A bot's own call to its provider's API.
     *
     * @param target at or below one of the API's addresses
     * @param upload null for no body
     */
    public record ProxyCall(
            String method,
            URI target,
            Map<String, List<String>> headers,
            @Nullable Upload upload) {}

    /**
     * Reply to a bot's own call.
     *
     * @param reply its body is still on its way
     * @param shown the token, or the JWT that signs this call
     */
    public record Passed(Streamed reply, Secret shown) {}

    /**
     * Makes a bot's own call with a user's token.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException when the call is invalid, or no reply came
     */
    public Passed pass(ClientRegistration client, Secret accessToken, ProxyCall call, Bounds bounds) {
        var request = new OutboundRequest().method(call.method());
        call.headers().forEach((name, values) -> values.forEach(value -> add(request, name, value)));
        URI target = client.besideToken(accessToken, call.target());
        Upload upload = call.upload();
        byte[] body = NO_BODY;
        if (upload != null && SigningKey.in(accessToken).isPresent()) {
            body = whole(upload);
            upload = body.length == 0 ? null : new Upload(new ByteArrayInputStream(body), body.length);
        }
        Secret shown = present(client, accessToken, request, call.method(), target, body);
        try {
            return new Passed(http.stream(request, target, upload, bounds), shown);
        } catch (SocketTimeoutException e) {
            throw Problem.of(
                            504,
                            "provider-too-slow",
                            "The provider gave no reply in time; whether it did what was asked is not known.")
                    .exception();
        } catch (IOException e) {
            LOG.log(
                    Level.INFO,
                    "a call through the proxy failed: {0}",
                    redaction(client, shown).in(String.valueOf(e.getMessage())));
            throw Problem.of(
                            502,
                            "provider-unreachable",
                            "The provider gave no reply that could be passed on; whether it did what was asked is not known.")
                    .exception();
        }
    }

    private static void add(OutboundRequest request, String name, String value) {
        try {
            request.header(name, value);
        } catch (IllegalArgumentException e) {
            // The message would quote the value.
            throw Problem.field(name, "cannot be sent on as a header").exception();
        }
    }

    private ProviderReply call(ClientRegistration client, Secret accessToken, URI target, String endpoint) {
        OutboundRequest request = ProviderHttp.request();
        URI whole = client.besideToken(accessToken, target);
        Secret shown = present(client, accessToken, request, "GET", whole, NO_BODY);
        return ProviderReply.fetch(http, client.provider(), request, whole, endpoint, redaction(client, shown));
    }

    /**
     * Replaces headers of the same names that a bot may have sent; returns the token, or the JWT that signs the call.
     */
    private Secret present(
            ClientRegistration client,
            Secret accessToken,
            OutboundRequest request,
            String method,
            URI target,
            byte[] body) {
        Optional<SigningKey> key = SigningKey.in(accessToken);
        if (key.isEmpty()) {
            ProviderHttp.present(request, accessToken);
            return accessToken;
        }
        SigningKey.Signed signed =
                sign(key.get(), method, client.provider().endpoints().apiPath(target), body);
        request.setHeader("Authorization", signed.authorization().value())
                .setHeader(SigningKey.REQUEST_ID, signed.requestId());
        return signed.token();
    }

    public SigningKey.Signed sign(SigningKey key, String method, String path, byte[] body) {
        return key.sign(method, path, body, UUID.randomUUID(), clock.instant());
    }

    private static byte[] whole(Upload upload) {
        try {
            byte[] body = upload.in().readNBytes(LARGEST_SIGNED + 1);
            if (body.length > LARGEST_SIGNED) {
                throw Problem.of(
                                413,
                                "too-large",
                                "Calls of this grant are signed; the body of one may have " + LARGEST_SIGNED
                                        + " bytes at most.")
                        .exception();
            }
            return body;
        } catch (IOException e) {
            LOG.log(Level.FINE, "the body of a call broke off", e);
            throw Problem.field("body", "broke off").exception();
        }
    }

    private static Redaction redaction(ClientRegistration client, Secret accessToken) {
        return client.redaction(client.besideToken(accessToken), accessToken);
    }

    /** Reads JSON that may be gzipped; the empty object when it is no JSON. */
    public static JsonStructure words(byte[] body) {
        try {
            return ProviderHttp.jsonOrEmpty(ReplyBody.text(body, List.of()));
        } catch (IOException e) {
            LOG.log(Level.FINE, "a refusal cannot be decoded: {0}", e.getMessage());
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }
}
