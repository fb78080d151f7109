package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.Address;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.GrantQuery;
import dev.grantbook.grant.GrantQuery.GrantCursor;
import dev.grantbook.grant.GrantQuery.Sort;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Page;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final List<Integer> SIZES = List.of(25, 50, 100);
    private static final int LONGEST_TEXT = 255;

    @Inject
    Grants grants;

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    @Inject
    Clock clock;

    @Inject
    HttpServletRequest request;

    private Map<String, Connector> known = Map.of();
    private List<String> ignored = List.of();
    private String connector = "";
    private String status = "";
    private String held = "";
    private String missing = "";
    private String text = "";
    private String sort = "";
    private String after = "";
    private int size = SIZES.get(0);
    private List<GrantRow> rows = List.of();
    private @Nullable GrantCursor next;

    /** A choice of a filter. */
    public record FilterChoice(String value, String name) {}

    /** Called by the page before it is shown, since texts are in the page's language. */
    public void load() {
        Locale locale = say.locale();
        Instant now = clock.instant();
        Page page = grants.page(new GrantQuery(
                orNull(connector),
                null,
                statusOf(status).orElse(null),
                orNull(held),
                orNull(missing),
                connector.isEmpty() ? askedBy(missing) : null,
                orNull(text),
                sort.equals("subject") ? Sort.SUBJECT : Sort.UPDATED,
                GrantCursor.parse(after).orElse(null),
                size));
        rows = page.grants().stream()
                .map(grant -> GrantRow.of(grant, Optional.ofNullable(known.get(grant.connector())), now, locale))
                .toList();
        next = page.next();
    }

    /** The connectors that ask for a scope. */
    private Set<String> askedBy(String scope) {
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
        var asked = new ListAddress(request);
        known = connectors.all().stream()
                .collect(Collectors.toMap(Connector::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
        connector = asked.parameter("connector", known::containsKey);
        status = asked.parameter("status", value -> statusOf(value).isPresent());
        held = asked.parameter("held", value -> value.length() <= LONGEST_TEXT);
        missing = asked.parameter("missing", value -> value.length() <= LONGEST_TEXT);
        text = asked.parameter("text", value -> value.length() <= LONGEST_TEXT);
        sort = asked.parameter("sort", value -> value.equals("subject"));
        after = asked.parameter("after", value -> GrantCursor.parse(value).isPresent());
        String wanted = asked.parameter(
                "size", value -> SIZES.stream().anyMatch(one -> one.toString().equals(value)));
        size = wanted.isEmpty() ? SIZES.get(0) : Integer.parseInt(wanted);
        ignored = asked.ignored();
    }

    private static Optional<GrantStatus> statusOf(String text) {
        return Arrays.stream(GrantStatus.values())
                .filter(value -> value.wire().equals(text))
                .findFirst();
    }

    private Address address() {
        return new Address(PATH)
                .with("connector", connector)
                .with("status", status)
                .with("held", held)
                .with("missing", missing)
                .with("text", text)
                .with("sort", sort)
                .with("size", size == SIZES.get(0) ? "" : Integer.toString(size));
    }

    /** The next page; empty at the end. */
    public String getNext() {
        return next == null ? "" : address().with("after", next.cursor()).toString();
    }

    /** The first page of the same list; empty on it. */
    public String getFirst() {
        return after.isEmpty() ? "" : address().toString();
    }

    /** Where everything about the text is, if it is a subject; empty unless one bot's users are looked for. */
    public String getSubject() {
        return connector.isEmpty() || text.isEmpty()
                ? ""
                : new Address("/console/subject")
                        .with("connector", connector)
                        .with("subject", text)
                        .toString();
    }

    public boolean isFiltered() {
        return !(connector + status + held + missing + text).isEmpty();
    }

    /** Parts of the address that say nothing we know. */
    public List<String> getIgnored() {
        return ignored;
    }

    public List<FilterChoice> getConnectors() {
        return known.values().stream()
                .map(one -> new FilterChoice(one.id(), one.name().in(say.locale())))
                .toList();
    }

    public List<FilterChoice> getStatuses() {
        return Arrays.stream(GrantStatus.values())
                .map(value -> new FilterChoice(value.wire(), say.of("status." + value.wire())))
                .toList();
    }

    /** Every scope that a connector declares (the chosen one, if any), and the one in the address. */
    public List<FilterChoice> scopes(String chosen) {
        var all = new TreeMap<String, String>();
        for (Connector one : known.values()) {
            if (connector.isEmpty() || connector.equals(one.id())) {
                one.declaredScopes()
                        .forEach(scope -> all.put(scope, one.provider().nameOf(scope, say.locale())));
            }
        }
        if (!chosen.isEmpty()) {
            all.putIfAbsent(chosen, chosen);
        }
        return all.entrySet().stream()
                .map(entry -> new FilterChoice(
                        entry.getKey(),
                        entry.getKey().equals(entry.getValue())
                                ? entry.getKey()
                                : entry.getValue() + " (" + entry.getKey() + ")"))
                .toList();
    }

    public List<Integer> getSizes() {
        return SIZES;
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

    public int getSize() {
        return size;
    }
}
