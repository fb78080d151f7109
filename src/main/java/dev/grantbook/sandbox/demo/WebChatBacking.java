package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Next;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The messages of the web chat. */
@Named("webChat")
@RequestScoped
public class WebChatBacking {

    @Inject
    DemoBot bot;

    @Inject
    WebChat chat;

    @Inject
    HttpServletRequest request;

    private Optional<String> visitor = Optional.empty();
    private boolean asked;
    private @Nullable Next next;
    private List<WebChat.Asset> assets = List.of();

    @PostConstruct
    void answer() {
        visitor = bot.visitor(request);
        Optional<Connector> connector = bot.connector();
        asked = "portfolio".equals(request.getParameter("said")) && connector.isPresent() && visitor.isPresent();
        if (asked) {
            next = chat.next(connector.orElseThrow(), visitor.orElseThrow());
            if (next instanceof Next.Continue proceed) {
                assets = chat.assets(proceed.accessToken());
            }
        }
    }

    /** Session id that the page listens for; empty before the first message. */
    public String getConversation() {
        return visitor.map(WebChat::session).orElse("");
    }

    public boolean isAsked() {
        return asked;
    }

    public boolean isLinked() {
        return next instanceof Next.Continue;
    }

    /** Why the bot cannot go on, as in the API; null when it can. */
    public @Nullable String getReason() {
        return next instanceof Next.AskUser ask ? ask.reason().wire() : null;
    }

    /** Name of the account; null when the provider has none. */
    public @Nullable String getAccount() {
        return next instanceof Next.Continue proceed ? proceed.accountName() : null;
    }

    public List<WebChat.Asset> getAssets() {
        return assets;
    }
}
