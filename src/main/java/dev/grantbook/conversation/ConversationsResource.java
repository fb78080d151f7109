package dev.grantbook.conversation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.InvitationRequests;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.platform.web.QueryParameters;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers "is authenticated?" for sessions of a bot platform, and takes codes and tokens that it delivers. */
@Path("conversations/{channel}/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ConversationsResource {

    private static final int LONGEST_ID = 255;

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Conversations conversations;

    @Inject
    ConversationFlow flow;

    @Inject
    ConversationJson answer;

    @Inject
    Caller caller;

    @PathParam("channel")
    String channel = "";

    @PathParam("id")
    String id = "";

    @POST
    @Path("next")
    public JsonObject next(InputStream body) throws IOException {
        caller.require(Permission.STATUS);
        Channel on = channel();
        JsonObject json = bodies.read(body, "NextRequest");
        Connector connector = requests.connector(json);
        var question = new Question(connector, on, session(), requests.parse(json, connector));
        Next next = flow.next(question);
        if (next instanceof Next.Continue proceed) {
            return answer.proceed(question, proceed, caller.may(Permission.TOKEN));
        }
        if (!caller.may(Permission.INVITE)) {
            return answer.ask(question, (Next.AskUser) next, null);
        }
        requests.checkAccount(question.request(), connector);
        Offer offer = flow.offer(question, caller.actor());
        return answer.ask(question, (Next.AskUser) next, offer);
    }

    @GET
    @Consumes(MediaType.WILDCARD)
    public JsonObject show(@Context UriInfo uri) {
        caller.require(Permission.STATUS);
        Conversation.ConversationKey key = key(uri);
        Conversation conversation = conversations
                .find(key)
                .orElseThrow(() -> Problem.of(404, "unknown-conversation", "There is no conversation with this id.")
                        .exception());
        return answer.describe(conversation, caller.may(Permission.TOKEN));
    }

    private record CodeToShow(String confirmationCode) {}

    @PUT
    @Path("auth-code")
    public @Nullable JsonObject keepCode(InputStream body) throws IOException {
        caller.require(Permission.TOKEN);
        Channel on = channel();
        JsonObject json = bodies.read(body, "AuthCode");
        Connector connector = requests.connector(json);
        // An answer without a body is 204.
        return flow.keepCode(
                        connector,
                        new Conversation.ConversationKey(connector.id(), on, session()),
                        new Subject(json.getString("subject")),
                        new Secret(json.getString("code")),
                        json.containsKey("code_verifier") ? new Secret(json.getString("code_verifier")) : null,
                        redirectUri(json.getString("redirect_uri", null)))
                .map(code -> RecordJson.write(new CodeToShow(code.shown())))
                .orElse(null);
    }

    @PUT
    @Path("access-token")
    public void keepToken(InputStream body) throws IOException {
        caller.require(Permission.TOKEN);
        Channel on = channel();
        JsonObject json = bodies.read(body, "DeliveredToken");
        Connector connector = requests.connector(json);
        flow.keepToken(
                new Conversation.ConversationKey(connector.id(), on, session()),
                new Subject(json.getString("subject")),
                new Secret(json.getString("access_token")),
                json.containsKey("expires_in")
                        ? Duration.ofSeconds(json.getJsonNumber("expires_in").longValue())
                        : null,
                json.containsKey("scope") ? Scopes.parse(json.getString("scope"), ' ') : null);
    }

    /** Idempotent. */
    @DELETE
    @Consumes(MediaType.WILDCARD)
    public void logOut(@Context UriInfo uri) {
        caller.require(Permission.TOKEN);
        flow.logOut(key(uri), caller.actor());
    }

    private Conversation.ConversationKey key(UriInfo uri) {
        Channel on = channel();
        ConnectorId connector = new QueryParameters(uri, Set.of("connector")).get("connector", ConnectorId::new);
        if (connector == null) {
            throw Problem.field("connector", "missing").exception();
        }
        JsonObject named =
                Json.createObjectBuilder().add("connector", connector.value()).build();
        return new Conversation.ConversationKey(requests.connector(named).id(), on, session());
    }

    private Channel channel() {
        return Channel.of(channel)
                .orElseThrow(() -> Problem.of(404, "unknown-channel", "The channels are web, facebook and apple.")
                        .exception());
    }

    private String session() {
        boolean sound = id.length() <= LONGEST_ID
                && id.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
        if (!sound) {
            throw Problem.field(
                            "id", "must have at most " + LONGEST_ID + " characters, none of them a control character")
                    .exception();
        }
        return id;
    }

    private static @Nullable URI redirectUri(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            URI address = new URI(text);
            if (address.isAbsolute() && address.getRawFragment() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw noRedirectUri();
        }
        throw noRedirectUri();
    }

    /** RFC 6749 section 3.1.2. */
    private static RuntimeException noRedirectUri() {
        return Problem.field("redirect_uri", "must be an absolute address without a fragment")
                .exception();
    }
}
