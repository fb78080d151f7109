package dev.grantbook.console;

import dev.grantbook.access.AuditEvent.Kind;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.notice.Deliveries;
import dev.grantbook.notice.Delivery;
import dev.grantbook.notice.Delivery.State;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What bots were told and are to be told, a page at a time, latest first. */
@Named("deliveryList")
@RequestScoped
public class DeliveriesBacking {

    private static final String PATH = "/console/deliveries";
    private static final int PAGE = 50;

    @Inject
    Deliveries deliveries;

    @Inject
    Connectors connectors;

    @Inject
    DeskBacking desk;

    @Inject
    TextsBacking say;

    @Inject
    HttpServletRequest request;

    private @Nullable State state;
    private boolean later;
    private List<Delivery> rows = List.of();
    private String next = "";

    /** A state to look at only. */
    public record Choice(String name, String address, boolean chosen) {}

    @PostConstruct
    void load() {
        state = State.named(request.getParameter("state")).orElse(null);
        Long before = number(request.getParameter("after"));
        later = before != null;
        Deliveries.Part part = deliveries.page(null, state, before, PAGE);
        rows = part.deliveries();
        if (part.next() != null) {
            next = address(state).with("after", part.next().toString()).toString();
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
    }

    /**
     * Before the page is shown: somebody may have pressed a button. The button says itself which message it is about, since
     * the list may be another one by now.
     */
    public void act() {
        String id = request.getParameter("replay");
        boolean parked = request.getParameter("replay-parked") != null;
        if (!FacesContext.getCurrentInstance().isPostback() || (id == null && !parked) || !desk.mayChange()) {
            return;
        }
        if (id == null) {
            int sent = deliveries.replayParked(null);
            desk.record(Kind.PARKED_REPLAYED, Integer.toString(sent));
            say.tell("deliveries.replayed-parked", sent);
        } else if (deliveries.replay(id).isPresent()) {
            desk.record(Kind.DELIVERY_REPLAYED, id);
            say.tell("deliveries.replayed");
        } else {
            say.warn("deliveries.waits");
        }
        desk.redirect(address(state).toString());
    }

    private static Address address(@Nullable State state) {
        return new Address(PATH).with("state", state == null ? "" : state.wire());
    }

    public List<Choice> getStates() {
        return List.of(choice(null), choice(State.WAITING), choice(State.PARKED), choice(State.DELIVERED));
    }

    private Choice choice(@Nullable State one) {
        String name = one == null ? say.of("filter.all") : say.of("delivery." + one.wire());
        return new Choice(name, address(one).toString(), one == state);
    }

    /** What people call the connector. */
    public String bot(Delivery delivery) {
        return connectors
                .find(delivery.connector())
                .map(Connector::name)
                .map(name -> name.in(say.locale()))
                .orElse(delivery.connector());
    }

    public List<Delivery> getRows() {
        return rows;
    }

    /** Whether the list is of those that bots did not take. */
    public boolean isParked() {
        return state == State.PARKED;
    }

    /** As the address has it; empty for all. */
    public String getState() {
        return Optional.ofNullable(state).map(State::wire).orElse("");
    }

    /** Where the next page is; empty at the end. */
    public String getNext() {
        return next;
    }

    /** The first page of the same list; empty on it. */
    public String getFirst() {
        return later ? address(state).toString() : "";
    }
}
