package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AuditEvent;
import dev.grantbook.administrator.AuditTrail;
import dev.grantbook.administrator.AuditTrail.AuditCursor;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.ListBacking;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.platform.persistence.CursorText;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sign-ins, failed ones too, and changes by administrators; latest first. */
@Named("auditList")
@RequestScoped
public class AuditBacking extends ListBacking {

    private static final int PAGE = 50;

    @Inject
    AuditTrail trail;

    @Inject
    TextsBacking say;

    private List<AuditEvent> events = List.of();

    @PostConstruct
    void load() {
        ListAddress address = open("/console/audit");
        String after = address.readCursor(text -> cursor(text).isPresent());
        List<AuditEvent> found = trail.page(cursor(after).orElse(null), PAGE + 1);
        events = found.subList(0, Math.min(PAGE, found.size()));
        if (found.size() > PAGE) {
            AuditEvent last = events.get(PAGE - 1);
            address.setNext(CursorText.write(last.at(), last.id()));
        }
    }

    private static Optional<AuditCursor> cursor(String text) {
        return CursorText.read(text, 2)
                .flatMap(
                        parts -> CursorText.instant(parts.get(0)).map(moment -> new AuditCursor(moment, parts.get(1))));
    }

    public String kind(AuditEvent event) {
        return say.of("audit." + event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    public List<AuditEvent> getEvents() {
        return events;
    }
}
