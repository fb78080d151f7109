package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.Conversation;
import dev.grantbook.conversation.ConversationFlow;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.sandbox.SandboxCall;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays a bot platform with a chat on a web page: a session is a conversation, and before each answer the platform asks
 * for the next step, as a real one does by {@code POST /api/v1/conversations/web/SESSION/next}.
 */
@ApplicationScoped
class WebChat {

    static final String PAGE = "/sandbox/web-chat";

    private static final Logger LOG = Logger.getLogger(WebChat.class.getName());

    private static final String ACTOR = "sandbox";

    @Inject
    ConversationFlow flow;

    @Inject
    OutboundHttp http;

    @Inject
    Settings settings;

    public record Asset(String name, String amount) {}

    /** Session id of a visitor. */
    static String session(String visitor) {
        return "web-" + visitor;
    }

    Next next(Connector connector, String visitor) {
        return flow.next(question(connector, visitor));
    }

    Offer offer(Connector connector, String visitor) {
        return flow.offer(question(connector, visitor), ACTOR);
    }

    void logOut(Connector connector, String visitor) {
        flow.logOut(new Conversation.ConversationKey(connector.id(), Channel.WEB, session(visitor)), ACTOR);
    }

    private Question question(Connector connector, String visitor) {
        String page = settings.publicUrl(PAGE).toString();
        return new Question(
                connector,
                Channel.WEB,
                session(visitor),
                new Invitation.Request(
                        connector.id(),
                        new Subject(visitor),
                        null,
                        List.of("portfolio"),
                        Scopes.NONE,
                        connector.returnUrls().allow(page) ? page : null,
                        null,
                        null));
    }

    /** Reads the user's assets at the provider, as the bot's back end; empty when the provider does not answer. */
    List<Asset> assets(Secret token) {
        try {
            var reply = http.send(
                    new OutboundRequest().header("Authorization", "Bearer " + token.value()),
                    settings.publicUrl("/sandbox/at/mixin/assets"));
            return SandboxCall.readObject(reply.body())
                    .map(body -> body.getJsonArray("data"))
                    .map(data -> data.getValuesAs(JsonObject.class))
                    .orElse(List.of())
                    .stream()
                    .map(asset -> new Asset(asset.getString("name"), asset.getString("balance")))
                    .toList();
        } catch (IOException e) {
            LOG.log(Level.INFO, "the sandbox does not answer itself: {0}", e.getMessage());
            return List.of();
        }
    }
}
