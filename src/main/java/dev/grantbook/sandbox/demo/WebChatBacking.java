package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Next;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was said in the web chat, and what the bot answers. */
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
        Cookie[] cookies = request.getCookies();
        visitor = Stream.ofNullable(cookies)
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(DemoResource.COOKIE))
                .findFirst()
                .flatMap(cookie -> bot.visitor(cookie.getValue()))
                .orElse(null);
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

    /** The session that the page listens for; empty before anybody has said something. */
    public String getConversation() {
        return visitor == null ? "" : WebChat.session(visitor);
    }

    public boolean isAsked() {
        return asked;
    }

    /** Whether the bot can go on. */
    public boolean isLinked() {
        return next instanceof Next.Continue;
    }

    /** Why the bot cannot go on, as the API writes it; null when it can. */
    public @Nullable String getReason() {
        return next instanceof Next.AskUser ask ? ask.reason().wire() : null;
    }

    /** Whose it is; null when the provider does not tell. */
    public @Nullable String getAccount() {
        return next instanceof Next.Continue proceed ? proceed.accountName() : null;
    }

    public List<WebChat.Asset> getAssets() {
        return assets;
    }
}
