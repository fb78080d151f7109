package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.Option;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.grant.search.Page;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The authorized users, a page at a time. */
@Named("grantList")
@RequestScoped
public class GrantsBacking {

    private static final String PATH = "/console/grants";
    private static final List<String> SIZES = List.of("25", "50", "100");
    private static final int LONGEST_TEXT = 255;

    @Inject
    GrantSearch search;

    @Inject
    GrantEnding ending;

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    @Inject
    Clock clock;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private Map<String, Connector> known = Map.of();
    private @Nullable ListAddress asked;
    private String connector = "";
    private String status = "";
    private String held = "";
    private String missing = "";
    private String text = "";
    private String sort = "";
    private String after = "";
    private String size = SIZES.get(0);
    private List<GrantRow> rows = List.of();
    private @Nullable GrantCursor next;

    /** Called by the page before it is shown, since texts are in the page's language. */
    public void load() {
        Locale locale = say.locale();
        Instant now = clock.instant();
        if (!status.isEmpty()) {
            ending.endOverdue();
        }
        Page page = search.page(new GrantQuery(
                orNull(connector),
                null,
                statusOf(status).orElse(null),
                orNull(held),
                orNull(missing),
                connector.isEmpty() ? findConnectorsAsking(missing) : null,
                orNull(text),
                sort.equals("subject") ? Sort.SUBJECT : Sort.UPDATED,
                GrantCursor.parse(after).orElse(null),
                Integer.parseInt(size)));
        rows = page.grants().stream()
                .map(grant -> GrantRow.of(grant, Optional.ofNullable(known.get(grant.connector())), now, locale))
                .toList();
        next = page.next();
    }

    /** The connectors that ask for a scope. */
    private Set<String> findConnectorsAsking(String scope) {
        return known.values().stream()
                .filter(one -> one.declaredScopes().tokens().contains(scope))
                .map(Connector::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }

    @PostConstruct
    void read() {
        asked = new ListAddress(parameters, PATH);
        known = connectors.all().stream()
                .collect(Collectors.toMap(Connector::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
        connector = asked.parameter("connector", known::containsKey);
        status = asked.parameter("status", value -> statusOf(value).isPresent());
        held = asked.parameter("held", value -> value.length() <= LONGEST_TEXT);
        missing = asked.parameter("missing", value -> value.length() <= LONGEST_TEXT);
        text = asked.parameter("text", value -> value.length() <= LONGEST_TEXT);
        sort = asked.parameter("sort", value -> value.equals("subject"));
        String wanted = asked.parameter("size", SIZES::contains);
        size = wanted.isEmpty() ? SIZES.get(0) : wanted;
        after = asked.cursor(value -> GrantCursor.parse(value).isPresent());
    }

    private static Optional<GrantStatus> statusOf(String text) {
        return Arrays.stream(GrantStatus.values())
                .filter(value -> value.wire().equals(text))
                .findFirst();
    }

    private ListAddress readAddress() {
        return Objects.requireNonNull(asked);
    }

    /** The next page; empty at the end. */
    public String getNext() {
        return next == null ? "" : readAddress().page(next.cursor());
    }

    /** The first page of the same list; empty on it. */
    public String getFirst() {
        return readAddress().first();
    }

    /** Where everything about the text is, if it is a subject; empty unless one bot's users are looked for. */
    public String getSubject() {
        return connector.isEmpty() || text.isEmpty()
                ? ""
                : ListAddress.address(
                        "/console/subject", new TreeMap<>(Map.of("connector", connector, "subject", text)));
    }

    public boolean isFiltered() {
        return !(connector + status + held + missing + text).isEmpty();
    }

    /** Parts of the address that say nothing we know. */
    public String getIgnored() {
        return readAddress().ignored();
    }

    public List<Option> getConnectors() {
        return known.values().stream()
                .map(one -> new Option(one.id(), one.name().in(say.locale())))
                .toList();
    }

    public List<Option> getStatuses() {
        return Arrays.stream(GrantStatus.values())
                .map(value -> new Option(value.wire(), say.of("status." + value.wire())))
                .toList();
    }

    /** Every scope that a connector declares (the chosen one, if any), and the one in the address. */
    public List<Option> scopes(String chosen) {
        var all = new TreeMap<String, String>();
        for (Connector one : known.values()) {
            if (connector.isEmpty() || connector.equals(one.id())) {
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

    public List<GrantRow> getRows() {
        return rows;
    }

    public String getConnector() {
        return connector;
    }

    public String getStatus() {
        return status;
    }

    public String getHeld() {
        return held;
    }

    public String getMissing() {
        return missing;
    }

    public String getText() {
        return text;
    }

    public String getSort() {
        return sort;
    }

    public String getSize() {
        return size;
    }
}
