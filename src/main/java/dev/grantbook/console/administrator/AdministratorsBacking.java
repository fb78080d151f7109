package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AdministrationRefused;
import dev.grantbook.administrator.Administrator;
import dev.grantbook.administrator.Administrators;
import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.administrator.Role;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Lists, adds and removes administrators, and renews their passwords; for the role admin only. */
@Named("administratorList")
@RequestScoped
public class AdministratorsBacking {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,99}");

    @Inject
    Administrators administrators;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    private final Map<String, String> form = new HashMap<>();

    public List<Administrator> getAll() {
        return session.isAdmin() ? administrators.all() : List.of();
    }

    public void add() {
        String wanted = form.getOrDefault("name", "").strip();
        change(
                () -> {
                    if (NAME.matcher(wanted).matches()) {
                        String as = Role.ADMIN.equals(form.get("role")) ? Role.ADMIN : Role.AUDITOR;
                        say.hand(administrators.add(wanted, as), "administrators.password", wanted);
                        session.record(AuditEventKind.ADMINISTRATOR_ADDED, wanted);
                    } else {
                        say.warn("administrators.name-wrong");
                    }
                },
                wanted);
    }

    public void renew(String administrator) {
        change(
                () -> {
                    say.hand(administrators.renewPassword(administrator), "administrators.password", administrator);
                    session.record(AuditEventKind.PASSWORD_CHANGED, administrator);
                },
                administrator);
    }

    public void remove(String whom) {
        change(
                () -> {
                    administrators.remove(whom, session.getName());
                    session.record(AuditEventKind.ADMINISTRATOR_REMOVED, whom);
                    say.tell("administrators.removed", whom);
                },
                whom);
    }

    private void change(Runnable change, String whom) {
        if (!session.mayChange()) {
            return;
        }
        try {
            change.run();
        } catch (AdministrationRefused refused) {
            tell(refused, whom);
        }
        session.redirect("/console/administrators");
    }

    private void tell(AdministrationRefused refused, String whom) {
        say.warn(
                "administrators."
                        + refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                whom);
    }

    /** What the form was sent with. */
    public Map<String, String> getForm() {
        return form;
    }
}
