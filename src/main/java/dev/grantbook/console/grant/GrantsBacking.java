package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.ListBacking;
import dev.grantbook.console.Option;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.grant.search.Page;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.json.WireName;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The authorized users, a page at a time. */
@Named("grantList")
@RequestScoped
public class GrantsBacking extends ListBacking {

    private static final List<String> SIZES = List.of("25", "50", "100");

    @Inject
    GrantSearch search;

    @Inject
    GrantEnding ending;

    @Inject
    BotsBacking bots;

    @Inject
    TextsBacking say;

    @Inject
    Clock clock;

    private List<GrantRow> rows = List.of();

    @PostConstruct
    void read() {
        ListAddress address = open("/console/grants");
        address.read("connector", bots::isKnown);
        address.read("status", value -> WireName.parse(GrantStatus.class, value).isPresent());
        address.readText("held");
        address.readText("missing");
        address.readText("text");
        address.read("sort", "subject"::equals);
        address.read("size", SIZES::contains);
        address.readCursor(value -> GrantCursor.parse(value).isPresent());
    }

    /** Called by the page before it is shown, since texts are in the page's language. */
    public void load() {
        ListAddress address = getAddress();
        Locale locale = say.locale();
        Instant now = clock.instant();
        if (!address.get("status").isEmpty()) {
            ending.endOverdue();
        }
        ConnectorId connector = address.getOrNull("connector", ConnectorId::new);
        Page page = search.page(new GrantQuery(
                connector,
                null,
                statuses(),
                address.getOrNull("held"),
                address.getOrNull("missing"),
                connector == null ? findConnectorsAsking(address.get("missing")) : null,
                address.getOrNull("text"),
                address.get("sort").isEmpty() ? Sort.UPDATED : Sort.SUBJECT,
                GrantCursor.parse(address.get("after")).orElse(null),
                Integer.parseInt(getSize())));
        rows = page.grants().stream()
                .map(grant -> GrantRow.of(grant, bots.find(grant.connector()), now, locale))
                .toList();
        address.setNext(page.next() == null ? null : page.next().cursor());
    }

    /** An ended grant holds no permission, although it still names those that it had. */
    private Set<GrantStatus> statuses() {
        ListAddress address = getAddress();
        Set<GrantStatus> statuses = EnumSet.copyOf(GrantStatus.only(
                WireName.parse(GrantStatus.class, address.get("status")).orElse(null)));
        if (!address.get("held").isEmpty()) {
            statuses.remove(GrantStatus.REVOKED);
        }
        return statuses;
    }

    private Set<ConnectorId> findConnectorsAsking(String scope) {
        return bots.getAll().stream()
                .filter(one -> one.declaredScopes().tokens().contains(scope))
                .map(Connector::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Address of the subject that the text may be; empty unless the list is of one bot's users. */
    public String getSubject() {
        String connector = getAddress().get("connector");
        String text = getAddress().get("text");
        return connector.isEmpty() || text.isEmpty()
                ? ""
                : ListAddress.address(
                        "/console/subject", new TreeMap<>(Map.of("connector", connector, "subject", text)));
    }

    public List<Option> getStatuses() {
        return Arrays.stream(GrantStatus.values())
                .map(value -> new Option(value.wire(), say.of("status." + value.wire())))
                .toList();
    }

    /** The scopes that the chosen connector declares, or any, and the one that this parameter names. */
    public List<Option> scopes(String parameter) {
        ConnectorId connector = getAddress().getOrNull("connector", ConnectorId::new);
        String chosen = getAddress().get(parameter);
        var all = new TreeMap<String, String>();
        for (Connector one : bots.getAll()) {
            if (connector == null || connector.equals(one.id())) {
                one.declaredScopes()
                        .forEach(scope ->
                                all.put(scope, one.provider().catalogue().nameOf(scope, say.locale())));
            }
        }
        if (!chosen.isEmpty()) {
            all.putIfAbsent(chosen, chosen);
        }
        return all.entrySet().stream()
                .map(entry -> new Option(
                        entry.getKey(),
                        entry.getKey().equals(entry.getValue())
                                ? entry.getKey()
                                : entry.getValue() + " (" + entry.getKey() + ")"))
                .toList();
    }

    public List<Option> getSorts() {
        return List.of(new Option("subject", say.of("filter.sort.subject")));
    }

    public List<Option> getSizes() {
        return SIZES.stream().map(one -> new Option(one, one)).toList();
    }

    private String getSize() {
        String size = getAddress().get("size");
        return size.isEmpty() ? SIZES.get(0) : size;
    }

    public List<GrantRow> getRows() {
        return rows;
    }
}
