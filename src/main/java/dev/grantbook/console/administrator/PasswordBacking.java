package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AdministrationRefused;
import dev.grantbook.administrator.Administrators;
import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.administrator.SignInMechanism;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;

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

    @Inject
    HttpServletRequest request;

    private String old = "";
    private String fresh = "";
    private String again = "";

    public void change() {
        if (fresh.length() < Administrators.SHORTEST_PASSWORD || fresh.length() > Administrators.LONGEST_PASSWORD) {
            say.warn("password.length", Administrators.SHORTEST_PASSWORD, Administrators.LONGEST_PASSWORD);
        } else if (!fresh.equals(again)) {
            say.warn("password.different");
        } else {
            replace();
        }
        session.redirect("/console/password");
    }

    private void replace() {
        try {
            administrators.changePassword(session.getName(), old, fresh);
        } catch (AdministrationRefused refused) {
            say.warn("password.wrong");
            return;
        }
        // All other sessions with the old password end.
        SignInMechanism.renew(request, administrators, session.getName());
        session.record(AuditEventKind.PASSWORD_CHANGED, session.getName());
        say.tell("password.changed");
    }

    /** Passwords are never shown again. */
    public String getOld() {
        return "";
    }

    public void setOld(String old) {
        this.old = old;
    }

    public String getFresh() {
        return "";
    }

    public void setFresh(String fresh) {
        this.fresh = fresh;
    }

    public String getAgain() {
        return "";
    }

    public void setAgain(String again) {
        this.again = again;
    }
}
