package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AdministrationRefused;
import dev.grantbook.administrator.Administrators;
import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

/** Changes the administrator's own password. */
@Named("ownPassword")
@RequestScoped
public class PasswordBacking {

    @Inject
    Administrators administrators;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    private final Map<String, String> form = new HashMap<>();

    public void change() {
        String fresh = form.getOrDefault("fresh", "");
        if (fresh.length() < Administrators.SHORTEST_PASSWORD || fresh.length() > Administrators.LONGEST_PASSWORD) {
            say.warn("password.length", Administrators.SHORTEST_PASSWORD, Administrators.LONGEST_PASSWORD);
        } else if (!fresh.equals(form.get("again"))) {
            say.warn("password.different");
        } else {
            replace(fresh);
        }
        session.redirect("/console/password");
    }

    private void replace(String fresh) {
        try {
            session.hold(administrators.changePassword(session.caller(), form.getOrDefault("old", ""), fresh));
        } catch (AdministrationRefused refused) {
            say.warn("password.wrong");
            return;
        }
        session.record(AuditEventKind.PASSWORD_CHANGED, session.getName());
        say.tell("password.changed");
    }

    /** What the form was sent with. */
    public Map<String, String> getForm() {
        return form;
    }
}
