package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first page of the console: how many, which connectors, what happened last. */
@Named("dashboard")
@RequestScoped
public class DashboardBacking {

    /** Counting stops here: whether there are a million or two changes nothing that anybody does. */
    private static final int COUNTED = 10_000;

    private static final int LATEST = 8;

    @Inject
    Grants grants;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    private List<Connector> known = List.of();
    private @Nullable List<News> latest;

    /** A status and how many grants have it. */
    public record Count(String status, String number) {}

    /** Something that happened to a grant. */
    public record News(GrantEvent event, String grant, String who, String connector, String actor) {}

    @PostConstruct
    void load() {
        known = connectors.all();
    }

    public List<Count> getCounts() {
        ending.endOverdue();
        return Arrays.stream(GrantStatus.values())
                .map(status -> new Count(status.wire(), number(grants.count(status, COUNTED))))
                .toList();
    }

    private String number(int count) {
        return count < COUNTED ? say.of("dashboard.number", count) : say.of("dashboard.many", COUNTED);
    }

    public List<Connector> getConnectors() {
        return known;
    }

    public String name(Connector connector) {
        return connector.name().in(say.locale());
    }

    public List<News> getLatest() {
        if (latest == null) {
            latest = history.latest(LATEST).stream()
                    .flatMap(event -> grants.find(event.grantId()).map(grant -> news(event, grant)).stream())
                    .toList();
        }
        return latest;
    }

    private News news(GrantEvent event, Grant grant) {
        String account = GrantRow.account(grant);
        return new News(
                event,
                grant.id(),
                account.isEmpty() ? grant.subject() : account,
                connectorName(grant.connector()),
                History.actor(event.actor(), say));
    }

    private String connectorName(String id) {
        return known.stream()
                .filter(connector -> connector.id().equals(id))
                .map(this::name)
                .findFirst()
                .orElse(id);
    }
}
