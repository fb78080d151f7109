package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.administrator.ConsoleSession;
import dev.grantbook.administrator.ConsoleSessions;
import dev.grantbook.administrator.ConsoleSessions.SessionCursor;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.ListBacking;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.platform.persistence.CursorText;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Open sessions, latest first, and their ends: one's own for everybody, all of them for the role admin. */
@Named("sessionList")
@RequestScoped
public class SessionsBacking extends ListBacking {

    private static final int PAGE = 50;

    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

    @Inject
    ConsoleSessions sessions;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    private List<ConsoleSession> rows = List.of();

    @PostConstruct
    void load() {
        ListAddress address = open("/console/sessions");
        String after = address.readCursor(text -> cursor(text).isPresent());
        String owner = session.isAdmin() ? null : session.getName();
        List<ConsoleSession> found = sessions.page(owner, cursor(after).orElse(null), PAGE + 1);
        rows = found.subList(0, Math.min(PAGE, found.size()));
        if (found.size() > PAGE) {
            ConsoleSession last = rows.get(PAGE - 1);
            address.setNext(CursorText.write(last.createdAt(), last.id()));
        }
    }

    private static Optional<SessionCursor> cursor(String text) {
        return CursorText.read(text, 2)
                .flatMap(parts ->
                        CursorText.instant(parts.get(0)).map(moment -> new SessionCursor(moment, parts.get(1))));
    }

    /** Acts on the button of a form, before the page is shown. The button names its session, as rows may move. */
    public void act() {
        if (!FacesContext.getCurrentInstance().isPostback()) {
            return;
        }
        String id = parameters.get("end");
        if (id != null && ID.matcher(id).matches()) {
            end(id);
        } else if (parameters.containsKey("end-others")) {
            int ended = sessions.endAll(session.getName(), session.caller().session());
            session.record(AuditEventKind.OTHER_SESSIONS_ENDED, String.valueOf(ended));
            say.tell("sessions.others-ended", ended);
            session.redirect("/console/sessions");
        }
    }

    private void end(String id) {
        Optional<String> owner = sessions.get(id).map(ConsoleSession::administrator);
        if (!session.isAdmin()
                && owner.filter(name -> !name.equals(session.getName())).isPresent()) {
            AdministratorSession.refuse(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        sessions.end(id).ifPresent(name -> session.record(AuditEventKind.SESSION_ENDED, name));
        // Also when it had ended before: that is what was asked for.
        say.tell("sessions.ended");
        session.redirect("/console/sessions");
    }

    public boolean isCurrent(ConsoleSession row) {
        return row.id().equals(session.caller().session());
    }

    public String browser(ConsoleSession row) {
        return row.browser().isEmpty() ? say.of("sessions.unknown") : row.browser();
    }

    /** Whether there is another session of one's own on this page. */
    public boolean isElsewhere() {
        return rows.stream().anyMatch(row -> row.administrator().equals(session.getName()) && !isCurrent(row));
    }

    public List<ConsoleSession> getRows() {
        return rows;
    }
}
