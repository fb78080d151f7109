package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AuditEvent;
import dev.grantbook.administrator.AuditTrail;
import dev.grantbook.administrator.AuditTrail.AuditCursor;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.platform.persistence.CursorText;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who signed in, who tried, and what administrators did; latest first. */
@Named("auditList")
@RequestScoped
public class AuditBacking {

    private static final int PAGE = 50;

    private static final Pattern ID = Pattern.compile("[0-9a-f-]{1,36}");

    @Inject
    AuditTrail trail;

    @Inject
    TextsBacking say;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private List<AuditEvent> events = List.of();
    private String first = "";
    private String next = "";

    @PostConstruct
    void load() {
        var asked = new ListAddress(parameters, "/console/audit");
        AuditCursor after = cursor(asked.cursor(text -> cursor(text) != null));
        List<AuditEvent> found = trail.page(after, PAGE + 1);
        events = found.subList(0, Math.min(PAGE, found.size()));
        first = asked.first();
        if (found.size() > PAGE) {
            AuditEvent last = events.get(PAGE - 1);
            next = asked.page(last.at() + "_" + last.id());
        }
    }

    /** Null for the beginning, also when the text is none of ours. */
    private static @Nullable AuditCursor cursor(String text) {
        if (!text.contains("_")) {
            return null;
        }
        int end = text.indexOf('_');
        String id = text.substring(end + 1);
        return ID.matcher(id).matches()
                ? CursorText.instant(text.substring(0, end))
                        .map(moment -> new AuditCursor(moment, id))
                        .orElse(null)
                : null;
    }

    public String kind(AuditEvent event) {
        return say.of("audit." + event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    public List<AuditEvent> getEvents() {
        return events;
    }

    /** Where the next page is; empty at the end. */
    public String getNext() {
        return next;
    }

    /** The first page; empty on it. */
    public String getFirst() {
        return first;
    }
}
