package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.ListBacking;
import dev.grantbook.console.Option;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.delivery.Deliveries;
import dev.grantbook.delivery.Deliveries.DeliveryPage;
import dev.grantbook.delivery.Delivery;
import dev.grantbook.delivery.Delivery.DeliveryState;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.json.WireName;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deliveries to bots, a page at a time, latest first. */
@Named("deliveryList")
@RequestScoped
public class DeliveriesBacking extends ListBacking {

    private static final int PAGE = 50;

    @Inject
    Deliveries deliveries;

    @Inject
    BotsBacking bots;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    private @Nullable DeliveryState state;
    private List<Delivery> rows = List.of();

    @PostConstruct
    void load() {
        ListAddress address = open("/console/deliveries");
        address.read("connector", bots::isKnown);
        address.readText("subject");
        String wanted = address.read(
                "state", value -> WireName.parse(DeliveryState.class, value).isPresent());
        state = WireName.parse(DeliveryState.class, wanted).orElse(null);
        String after = address.readCursor(value -> DeliveryPage.parse(value).isPresent());
        Long before = DeliveryPage.parse(after).orElse(null);
        DeliveryPage page = deliveries.page(
                address.getOrNull("connector", ConnectorId::new),
                address.getOrNull("subject", Subject::new),
                state,
                before,
                PAGE);
        rows = page.deliveries();
        address.setNext(page.next());
    }

    /**
     * Acts on the button of a form, before the page is shown. The button names its delivery, since the list may be
     * another one by now.
     */
    public void act() {
        String id = parameters.get("replay");
        ListAddress address = getAddress();
        // A filter that is no longer valid would replay all.
        boolean parked =
                parameters.get("replay-parked") != null && address.getIgnored().isEmpty();
        if (!FacesContext.getCurrentInstance().isPostback() || (id == null && !parked) || !session.mayChange()) {
            return;
        }
        if (id == null) {
            int sent = deliveries.replayParked(
                    address.getOrNull("connector", ConnectorId::new), address.getOrNull("subject", Subject::new));
            session.record(AuditEventKind.PARKED_REPLAYED, (sent + " " + address.get("connector")).strip());
            say.tell("deliveries.replayed-parked", sent);
        } else if (deliveries.replay(id).isPresent()) {
            session.record(AuditEventKind.DELIVERY_REPLAYED, id);
            say.tell("deliveries.replayed");
        } else {
            say.warn("deliveries.waits");
        }
        session.redirect(address.getStart());
    }

    public List<Option> getStates() {
        return Arrays.stream(DeliveryState.values())
                .map(one -> new Option(one.wire(), say.of("delivery." + one.wire())))
                .toList();
    }

    public List<Delivery> getRows() {
        return rows;
    }

    /** Whether the list shows parked deliveries only. */
    public boolean isParked() {
        return state == DeliveryState.PARKED;
    }
}
