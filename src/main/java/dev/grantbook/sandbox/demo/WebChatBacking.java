package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Next;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
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

    private @Nullable Connector connector;
    private @Nullable String visitor;
    private boolean asked;
    private @Nullable Next next;
    private List<WebChat.Asset> assets = List.of();

    @PostConstruct
    void answer() {
        connector = bot.connector().orElse(null);
        visitor = bot.visitor(request).orElse(null);
        asked = "portfolio".equals(request.getParameter("said")) && connector != null && visitor != null;
        if (asked) {
            next = chat.next(Objects.requireNonNull(connector), Objects.requireNonNull(visitor));
            if (next instanceof Next.Continue proceed) {
                assets = chat.assets(proceed.accessToken());
            }
        }
    }

    /** Whether there is a demo: an operator's own connectors file need not declare it. */
    public boolean isThere() {
        return connector != null;
    }

    public String getConnector() {
        return DemoBot.CONNECTOR;
    }

    public String getName() {
        return Objects.requireNonNull(connector)
                .name()
                .in(FacesContext.getCurrentInstance().getViewRoot().getLocale());
    }

    /** Session id that the page listens for; empty before the first message. */
    public String getConversation() {
        return visitor == null ? "" : WebChat.session(visitor);
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
