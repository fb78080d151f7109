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
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.platform.web.RestApplication;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Forwards calls to the provider's API with a user's token, for bots that hold no tokens: only the token is added.
 * {@link TokenRedaction} keeps tokens from API keys without the permission for them.
 */
@Path("proxy/{connector}/{subject}/{path: .*}")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.WILDCARD)
public class ProxyResource {

    private static final Logger LOG = Logger.getLogger(ProxyResource.class.getName());

    /** Marks replies of the provider; problems of ours lack it. */
    private static final String MARK = "Grantbook-Proxied";

    /** Names the grant, for a bot that reports a rejected call. */
    private static final String GRANT = "Grantbook-Grant";

    /** Lists the scopes that the provider's challenge names as missing, separated by spaces; may be empty. */
    private static final String MISSING = "Grantbook-Missing";

    /** Carries the link that asks the user for the missing and the granted scopes. */
    private static final String LINK = "Grantbook-Link";

    /** RFC 9110 section 9.2.2. */
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
    HttpServletRequest servletRequest;

    @PathParam("connector")
    String connectorId = "";

    @PathParam("subject")
    String segment = "";

    @GET
    public Response get() {
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

    private Response pass(@Nullable Upload upload) {
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
        var call = new ProviderApi.ProxyCall(servletRequest.getMethod(), target, passed, upload);
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
            Connector connector, Invitation.Request asked, Grant grant, Secret token, ProviderApi.ProxyCall call) {
        Instant end = clock.instant().plus(settings.proxy().timeout());
        ClientRegistration client = registration(connector);
        Streamed reply = send(client, token, call, end);
        SpooledBody body = whole(reply);
        if (reply.status() == 401 && challenge(connector, grant, reply).isEmpty()) {
            boolean dead = connector
                            .provider()
                            .failure(401, ProviderApi.words(body.beginning()))
                            .meaning()
                    == Meaning.DEAD;
            // Also when this call has no time left, so that the bot's next one works.
            Secret other = freshTokens.replace(grant, dead).token();
            if (other != null && !other.equals(token) && isRepeatable(call, end)) {
                reply = send(client, other, call, end);
                body = whole(reply);
            }
        }
        return answer(connector, asked, grant, reply, body, call);
    }

    /** That the token lacks scopes, where the reply's headers say so. */
    private static Optional<ApiFailure> challenge(Connector connector, Grant grant, Streamed reply) {
        return reply.status() < 400
                ? Optional.empty()
                : connector.provider().challenge(reply.headers(), grant.granted());
    }

    private Streamed send(ClientRegistration client, Secret token, ProviderApi.ProxyCall call, Instant end) {
        try {
            long largest = settings.proxy().largest();
            ProviderApi.Passed passed =
                    api.pass(client, token, call, new Bounds(Duration.between(clock.instant(), end), largest));
            Streamed reply = passed.reply();
            return caller.may(Permission.TOKEN)
                    ? reply
                    : TokenRedaction.reply(
                            reply,
                            hasBody(call, reply),
                            List.of(passed.shown()),
                            client.provider().proxy(),
                            largest);
        } catch (ProblemException e) {
            count("none");
            throw e;
        }
    }

    /**
     * Reads all of a reply before the bot gets any of it: the Servlet API cannot break off a reply that has begun, and
     * what a challenge or a rejected token leads to may take longer than the call has left.
     */
    private SpooledBody whole(Streamed reply) {
        try (InputStream in = reply.body()) {
            SpooledBody body = SpooledBody.of(in);
            permit.closeAtEnd(body);
            return body;
        } catch (IOException e) {
            throw unreachable("The provider's reply broke off: " + e.getMessage() + ".");
        } catch (UncheckedIOException e) {
            FaultLog.write(LOG, Level.WARNING, "a reply cannot be stored in a temporary file", e);
            throw unreachable("The provider's reply could not be stored; whether it did what was asked is not known.");
        }
    }

    private ProblemException unreachable(String detail) {
        count("none");
        return Problem.of(502, "provider-unreachable", detail).exception();
    }

    private void count(String status) {
        Meters.count("proxied", "connector", connectorId, "status", status);
    }

    private ClientRegistration registration(Connector connector) {
        try {
            return connectors.registration(connector);
        } catch (ProviderException e) {
            throw Problem.of(502, "provider-unreachable", "The provider does not say where it is to be asked.")
                    .exception();
        }
    }

    private static boolean hasBody(ProviderApi.ProxyCall call, Streamed reply) {
        return !call.method().equals("HEAD") && !WITHOUT_BODY.contains(reply.status());
    }

    /** A forwarded body cannot be read again. */
    private boolean isRepeatable(ProviderApi.ProxyCall call, Instant end) {
        return IDEMPOTENT.contains(call.method())
                && call.upload() == null
                && clock.instant().isBefore(end);
    }

    private record ProxyQuestion(
            String connector,
            String subject,
            @Nullable String account,
            @Nullable List<String> features) {}

    /** The request as {@code POST /access} takes it. */
    private JsonObject question() {
        String features = headers.getHeaderString("Grantbook-Features");
        return bodies.check(
                RecordJson.write(new ProxyQuestion(
                        connectorId,
                        ProxySubject.of(segment, headers.getRequestHeader(ProxySubject.HEADER)),
                        headers.getHeaderString("Grantbook-Account"),
                        features == null
                                ? null
                                : Stream.of(features.split(",", -1))
                                        .map(String::strip)
                                        .toList())),
                "AccessRequest");
    }

    /** Adds the answer of {@code POST /access}, so that the bot can send its user the link at once. */
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

    /** The path below the subject, still encoded. */
    private String path() {
        String[] parts = RestApplication.relative(uri.getPath(false)).split("/", 4);
        return parts.length < 4 ? "" : parts[3];
    }

    private @Nullable Upload upload(InputStream body) throws IOException {
        long length = servletRequest.getContentLengthLong();
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

    private Response answer(
            Connector connector,
            Invitation.Request asked,
            Grant grant,
            Streamed reply,
            SpooledBody body,
            ProviderApi.ProxyCall call) {
        count(reply.status() / 100 + "xx");
        var response = Response.status(reply.status()).header(MARK, "true").header(GRANT, grant.id());
        challenge(connector, grant, reply).ifPresent(failure -> {
            response.header(MISSING, failure.missing());
            stepUp.explainRefusal(connector, grant, failure, asked.features(), asked.locale())
                    .link()
                    .ifPresent(issued -> response.header(LINK, issued.link()));
        });
        ProxyHeaders.ofReply(reply.headers(), call.target())
                .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        if (hasBody(call, reply)) {
            response.header(HttpHeaders.CONTENT_LENGTH, null)
                    .header(HttpHeaders.CONTENT_LENGTH, body.length())
                    .entity(body);
        }
        return response.build();
    }
}
