package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Shortfall;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The chat that the user returns to. */
@Named("demoChat")
@RequestScoped
public class DemoChatBacking {

    @Inject
    DemoBot bot;

    @Inject
    HttpServletRequest request;

    private @Nullable Connector connector;
    private @Nullable String visitor;

    /** @param missing names of the missing permissions, in the visitor's language */
    public record DemoFeature(String name, boolean ready, List<String> missing) {}

    @PostConstruct
    void look() {
        connector = bot.connector().orElse(null);
        visitor = bot.visitor(request).orElse(null);
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

    /** Subject of this browser; null before the first run. */
    public @Nullable String getVisitor() {
        return visitor;
    }

    /** Address of {@code POST /api/v1/access}. */
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
