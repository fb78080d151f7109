package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Shortfall;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the bot says in the chat that its user comes back to. */
@Named("demoChat")
@RequestScoped
public class DemoChatBacking {

    @Inject
    DemoBot bot;

    @Inject
    HttpServletRequest request;

    private @Nullable Connector connector;
    private @Nullable String visitor;

    /** What one feature can do now; the names of the missing permissions are in the visitor's language. */
    public record DemoFeature(String name, boolean ready, List<String> missing) {}

    @PostConstruct
    void look() {
        connector = bot.connector().orElse(null);
        Cookie[] cookies = request.getCookies();
        visitor = Stream.ofNullable(cookies)
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(DemoResource.COOKIE))
                .findFirst()
                .flatMap(cookie -> bot.visitor(cookie.getValue()))
                .orElse(null);
    }

    /** Whether there is a demo: an operator's own connectors file need not declare it. */
    public boolean isThere() {
        return connector != null;
    }

    public String getConnector() {
        return DemoBot.CONNECTOR;
    }

    public String getName() {
        return Objects.requireNonNull(connector).name().in(locale());
    }

    /** The bot's own id for whoever sits at this browser; null before the first run. */
    public @Nullable String getVisitor() {
        return visitor;
    }

    /** Where the bot's back end asks. */
    public URI getApi() {
        return bot.api();
    }

    public boolean isAllReady() {
        return shortfall().isNone();
    }

    public List<DemoFeature> getFeatures() {
        var provider = Objects.requireNonNull(connector).provider();
        return shortfall().features().stream()
                .map(state -> new DemoFeature(
                        state.feature().name().in(locale()),
                        state.ready(),
                        state.missing().toList().stream()
                                .map(scope -> provider.catalogue().nameOf(scope, locale()))
                                .toList()))
                .toList();
    }

    private Shortfall shortfall() {
        return bot.shortfall(Objects.requireNonNull(connector), visitor);
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
