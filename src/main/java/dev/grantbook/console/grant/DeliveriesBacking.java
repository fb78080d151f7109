package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.Option;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.delivery.Deliveries;
import dev.grantbook.delivery.Delivery;
import dev.grantbook.delivery.Delivery.DeliveryState;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What bots were told and are to be told, a page at a time, latest first. */
@Named("deliveryList")
@RequestScoped
public class DeliveriesBacking {

    private static final String PATH = "/console/deliveries";
    private static final int PAGE = 50;
    private static final int LONGEST_SUBJECT = 255;

    @Inject
    Deliveries deliveries;

    @Inject
    Connectors connectors;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private Map<String, Connector> known = Map.of();
    private String ignored = "";
    private String connector = "";
    private String subject = "";
    private @Nullable DeliveryState state;
    private List<Delivery> rows = List.of();
    private String start = PATH;
    private String first = "";
    private String next = "";

    @PostConstruct
    void load() {
        known = connectors.all().stream()
                .collect(Collectors.toMap(Connector::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
        var asked = new ListAddress(parameters, PATH);
        connector = asked.parameter("connector", known::containsKey);
        subject = asked.parameter("subject", value -> value.length() <= LONGEST_SUBJECT);
        String wanted =
                asked.parameter("state", value -> DeliveryState.byName(value).isPresent());
        state = DeliveryState.byName(wanted).orElse(null);
        String after = asked.cursor(value -> value.matches("[0-9]{1,18}"));
        ignored = asked.ignored();
        start = asked.start();
        first = asked.first();
        Long before = after.isEmpty() ? null : Long.valueOf(after);
        Deliveries.DeliveryPage part = deliveries.page(orNull(connector), orNull(subject), state, before, PAGE);
        rows = part.deliveries();
        next = part.next() == null ? "" : asked.page(part.next().toString());
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }

    /**
     * Before the page is shown: somebody may have pressed a button. The button says itself which message it is about,
     * since the list may be another one by now.
     */
    public void act() {
        String id = parameters.get("replay");
        // Without a filter that has gone meanwhile, it would be all.
        boolean parked = parameters.get("replay-parked") != null && ignored.isEmpty();
        if (!FacesContext.getCurrentInstance().isPostback() || (id == null && !parked) || !session.mayChange()) {
            return;
        }
        if (id == null) {
            int sent = deliveries.replayParked(orNull(connector), orNull(subject));
            session.record(AuditEventKind.PARKED_REPLAYED, (sent + " " + connector).strip());
            say.tell("deliveries.replayed-parked", sent);
        } else if (deliveries.replay(id).isPresent()) {
            session.record(AuditEventKind.DELIVERY_REPLAYED, id);
            say.tell("deliveries.replayed");
        } else {
            say.warn("deliveries.waits");
        }
        session.redirect(start);
    }

    public List<Option> getStates() {
        return Arrays.stream(DeliveryState.values())
                .map(one -> new Option(one.wire(), say.of("delivery." + one.wire())))
                .toList();
    }

    /** What people call the connector. */
    public String bot(Delivery delivery) {
        return Optional.ofNullable(known.get(delivery.connector()))
                .map(one -> one.name().in(say.locale()))
                .orElse(delivery.connector());
    }

    public List<Option> getConnectors() {
        return known.values().stream()
                .map(one -> new Option(one.id(), one.name().in(say.locale())))
                .toList();
    }

    /** Parts of the address that say nothing we know. */
    public String getIgnored() {
        return ignored;
    }

    public boolean isFiltered() {
        return !(connector + subject + getState()).isEmpty();
    }

    public String getConnector() {
        return connector;
    }

    public String getSubject() {
        return subject;
    }

    public List<Delivery> getRows() {
        return rows;
    }

    /** Whether the list is of those that bots did not take. */
    public boolean isParked() {
        return state == DeliveryState.PARKED;
    }

    /** As the address has it; empty for all. */
    public String getState() {
        return Optional.ofNullable(state).map(DeliveryState::wire).orElse("");
    }

    /** Where the next page is; empty at the end. */
    public String getNext() {
        return next;
    }

    /** The first page of the same list; empty on it. */
    public String getFirst() {
        return first;
    }
}
