package dev.grantbook.console.grant;

import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.id.GrantId;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first page of the console: numbers of grants, connectors, and the latest events. */
@Named("dashboard")
@RequestScoped
public class DashboardBacking {

    /** Counting stops here, since exact numbers of many grants are slow and matter little. */
    private static final int COUNTED = 10_000;

    private static final int LATEST = 8;

    @Inject
    Grants grants;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    BotsBacking bots;

    @Inject
    TextsBacking say;

    private @Nullable List<Count> counts;
    private @Nullable List<News> latest;

    public record Count(String status, String number) {}

    /** @param user the grant's account, or its subject where the account has no name */
    public record News(GrantEvent event, GrantId grant, String user, String connector, String actor) {}

    public List<Count> getCounts() {
        if (counts == null) {
            ending.endOverdue();
            Map<GrantStatus, Integer> numbers = grants.count(COUNTED);
            counts = Arrays.stream(GrantStatus.values())
                    .map(status -> new Count(status.wire(), number(numbers.getOrDefault(status, 0))))
                    .toList();
        }
        return counts;
    }

    private String number(int count) {
        return count < COUNTED ? say.of("dashboard.number", count) : say.of("dashboard.many", COUNTED);
    }

    public List<News> getLatest() {
        if (latest == null) {
            latest = history.latest(LATEST).stream().map(this::news).toList();
        }
        return latest;
    }

    private News news(GrantHistory.Line line) {
        Grant grant = line.grant();
        return new News(
                line.event(),
                grant.id(),
                GrantRow.title(grant),
                bots.name(grant.connector()),
                say.actor(line.event().actor()));
    }
}
