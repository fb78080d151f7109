package dev.grantbook.proxy;

import dev.grantbook.access.AccessAnswer;
import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecisions;
import dev.grantbook.access.AccessQuestion;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.InvitationRequests;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.http.OutboundHttp.Bounds;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.http.OutboundHttp.Upload;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.token.FreshTokens;
import dev.grantbook.token.StepUp;
import dev.grantbook.token.TokenUsage;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provider's API with a user's token, for bots that would rather not hold tokens: everything goes through as it is
 * but the token, which is added here and shown to nobody else. For an API key that may not have tokens see
 * {@link TokenRedaction}.
 */
@Path("proxy/{connector}/{subject}/{path: .*}")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.WILDCARD)
public class ProxyResource {

    /** On every reply that is the provider's: our own problems do not have it. */
    private static final String MARK = "Grantbook-Proxied";

    /** Whose token it was, for a bot that reports a refusal. */
    private static final String GRANT = "Grantbook-Grant";

    /** The scopes that the provider's challenge names as missing, separated by spaces; empty when it names none. */
    private static final String MISSING = "Grantbook-Missing";

    /** The link that asks the user for them, and for what is granted. */
    private static final String LINK = "Grantbook-Link";

    /** Doing it twice is like doing it once (RFC 9110 section 9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE");

    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Invitations invitations;

    @Inject
    Connectors connectors;

    @Inject
    AccessDecisions decisions;

    @Inject
    FreshTokens freshTokens;

    @Inject
    TokenUsage usage;

    @Inject
    ProxyPermit permit;

    @Inject
    StepUp stepUp;

    @Inject
    ProviderApi api;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Context
    HttpHeaders headers;

    @Context
    UriInfo uri;

    @Context
    Request request;

    @Context
    HttpServletRequest servletRequest;

    @PathParam("connector")
    String connectorId = "";

    @PathParam("subject")
    String segment = "";

    @GET
    public Response get() throws IOException {
        return pass(null);
    }

    @POST
    public Response post(InputStream body) throws IOException {
        return pass(upload(body));
    }

    @PUT
    public Response put(InputStream body) throws IOException {
        return pass(upload(body));
    }

    @PATCH
    public Response patch(InputStream body) throws IOException {
        return pass(upload(body));
    }

    @DELETE
    public Response delete(InputStream body) throws IOException {
        return pass(upload(body));
    }

    private Response pass(@Nullable Upload upload) throws IOException {
        caller.require(Permission.PROXY);
        JsonObject question = question();
        Connector connector = requests.connector(question);
        Invitation.Request asked = requests.parse(question, connector);
        permit.take(connector.id());
        URI target = ProxyTarget.of(
                connector.provider().endpoints().api(),
                headers.getHeaderString("Grantbook-Api"),
                path(),
                servletRequest.getQueryString());
        var passed = ProxyHeaders.ofRequest(headers.getRequestHeaders());
        if (!caller.may(Permission.TOKEN)) {
            TokenRedaction.check(connector.provider(), target, path());
            passed = TokenRedaction.request(passed);
        }
        var call = new ProviderApi.ProxyCall(request.getMethod(), target, passed, upload);
        AccessDecision decision = decisions
                .decide(AccessQuestion.of(connector, asked, Freshness.FRESH))
                .orUnavailable();
        if (!(decision instanceof Authorized authorized)) {
            return refuse(connector, asked, decision);
        }
        usage.count(authorized.grant());
        return pass(connector, asked, authorized.grant(), Objects.requireNonNull(authorized.token()), call);
    }

    private Response pass(
            Connector connector, Invitation.Request asked, Grant grant, Secret token, ProviderApi.ProxyCall call)
            throws IOException {
        Instant end = clock.instant().plus(settings.proxy().timeout());
        ClientRegistration client = registration(connector);
        Streamed reply = send(client, token, call, end);
        if (reply.status() == 401 && challenge(connector, grant, reply).isEmpty()) {
            // It is all here before a provider is asked that may take longer than the call has left.
            byte[] body = whole(reply);
            reply = new Streamed(reply.status(), reply.headers(), new ByteArrayInputStream(body));
            boolean dead =
                    connector.provider().failure(401, ProviderApi.words(body)).meaning() == Meaning.DEAD;
            // Also when this call is over, so that the bot's next one works.
            Secret other = freshTokens.replace(grant, dead).token();
            if (other != null && !other.equals(token) && isRepeatable(call, end)) {
                reply = send(client, other, call, end);
            }
        }
        return answer(connector, asked, grant, reply, call);
    }

    /** That the token lacks scopes, where the reply's headers say so. */
    private static Optional<ApiFailure> challenge(Connector connector, Grant grant, Streamed reply) {
        return reply.status() < 400
                ? Optional.empty()
                : connector.provider().challenge(reply.headers(), grant.granted());
    }

    private Streamed send(ClientRegistration client, Secret token, ProviderApi.ProxyCall call, Instant end) {
        try {
            ProviderApi.Passed passed = api.pass(client, token, call, until(end));
            Streamed reply = passed.reply();
            return caller.may(Permission.TOKEN)
                    ? reply
                    : TokenRedaction.reply(
                            reply,
                            hasBody(call, reply),
                            List.of(passed.shown()),
                            client.provider().proxy(),
                            settings.proxy().largest());
        } catch (ProblemException e) {
            Meters.count("proxied", "connector", connectorId, "status", "none");
            throw e;
        }
    }

    private byte[] whole(Streamed reply) {
        try (InputStream body = reply.body()) {
            return body.readAllBytes();
        } catch (IOException e) {
            Meters.count("proxied", "connector", connectorId, "status", "none");
            throw Problem.of(502, "provider-unreachable", "The provider's reply broke off: " + e.getMessage() + ".")
                    .exception();
        }
    }

    private ClientRegistration registration(Connector connector) {
        try {
            return connectors.registration(connector);
        } catch (ProviderException e) {
            throw Problem.of(502, "provider-unreachable", "The provider does not say where it is to be asked.")
                    .exception();
        }
    }

    private Bounds until(Instant end) {
        return new Bounds(
                Duration.between(clock.instant(), end), settings.proxy().largest());
    }

    private static boolean hasBody(ProviderApi.ProxyCall call, Streamed reply) {
        return !call.method().equals("HEAD") && !WITHOUT_BODY.contains(reply.status());
    }

    /** A body that went through is gone. */
    private boolean isRepeatable(ProviderApi.ProxyCall call, Instant end) {
        return IDEMPOTENT.contains(call.method())
                && call.upload() == null
                && clock.instant().isBefore(end);
    }

    /** What {@code POST /access} would be asked. */
    private JsonObject question() throws IOException {
        var json = Json.createObjectBuilder()
                .add("connector", connectorId)
                .add("subject", ProxySubject.of(segment, headers.getRequestHeader(ProxySubject.HEADER)));
        String account = headers.getHeaderString("Grantbook-Account");
        if (account != null) {
            json.add("account", account);
        }
        String features = headers.getHeaderString("Grantbook-Features");
        if (features != null) {
            var ids = Json.createArrayBuilder();
            for (String id : features.split(",", -1)) {
                ids.add(id.strip());
            }
            json.add("features", ids);
        }
        byte[] bytes = json.build().toString().getBytes(StandardCharsets.UTF_8);
        return bodies.read(new ByteArrayInputStream(bytes), "AccessRequest");
    }

    /** As {@code POST /access} answers, so that the bot can send its user the link at once. */
    private Response refuse(Connector connector, Invitation.Request asked, AccessDecision decision) {
        JsonObject access = RecordJson.write(
                AccessAnswer.of(decision, asked.locale(), settings),
                invitations.origin(decision.grant()),
                requests.offer(asked, connector));
        Problem problem = Problem.of(
                409,
                "access-needed",
                "What this subject has granted is not enough for the call; nothing was sent to the provider.");
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(Json.createObjectBuilder(problem.toJson())
                        .add("access", access)
                        .build()
                        .toString())
                .build();
    }

    /** As it was sent: what is encoded stays so. */
    private String path() {
        String[] parts = uri.getPath(false).replaceFirst("^/", "").split("/", 4);
        return parts.length < 4 ? "" : parts[3];
    }

    private @Nullable Upload upload(InputStream body) throws IOException {
        long length = length();
        if (length > settings.proxy().largest()) {
            throw Problem.tooLarge(settings.proxy().largest()).exception();
        }
        if (length > 0) {
            return new Upload(body, length);
        }
        var in = new PushbackInputStream(body);
        int first = length == 0 ? -1 : in.read();
        if (first < 0) {
            return null;
        }
        in.unread(first);
        return new Upload(in, -1);
    }

    /** Negative when nobody said. */
    private long length() {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1;
    }

    private Response answer(
            Connector connector, Invitation.Request asked, Grant grant, Streamed reply, ProviderApi.ProxyCall call) {
        // All of it, before the bot gets any of it: the Servlet API has no way to break off what has begun. And a
        // challenge may make us
        // ask the provider, which takes longer than the call has left.
        byte[] body = whole(reply);
        Meters.count("proxied", "connector", connectorId, "status", reply.status() / 100 + "xx");
        Optional<ApiFailure> challenge = challenge(connector, grant, reply);
        var response = Response.status(reply.status()).header(MARK, "true").header(GRANT, grant.id());
        challenge.ifPresent(failure -> {
            response.header(MISSING, failure.missing());
            stepUp.explainRefusal(connector, grant, failure, asked.features(), asked.locale())
                    .link()
                    .ifPresent(issued -> response.header(LINK, issued.link()));
        });
        ProxyHeaders.ofReply(reply.headers(), call.target())
                .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        return hasBody(call, reply) ? response.entity(body).build() : response.build();
    }
}
