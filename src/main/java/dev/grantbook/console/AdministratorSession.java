package dev.grantbook.console;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.administrator.AuditTrail;
import dev.grantbook.administrator.Role;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;

/** The signed-in administrator and their role. */
@Named
@RequestScoped
public class AdministratorSession {

    /** Id of the form in the template. */
    static final String SIGN_OUT_FORM = "leave";

    /** Request attribute: whether the caller has {@link Role#ADMIN}. */
    static final String ADMIN = "grantbook.admin";

    @Inject
    AuditTrail trail;

    @Inject
    Settings settings;

    @Inject
    HttpServletRequest request;

    public String getName() {
        Principal caller = request.getUserPrincipal();
        return caller == null ? "" : caller.getName();
    }

    public boolean isAdmin() {
        return request.isUserInRole(Role.ADMIN) || Boolean.TRUE.equals(request.getAttribute(ADMIN));
    }

    /** The actor for histories. */
    public String actor() {
        return "administrator:" + getName();
    }

    /**
     * Guards every action that changes something: pages show no button to an auditor, who can send the form anyway.
     *
     * @return false after refusing the request
     */
    public boolean mayChange() {
        if (!isAdmin()) {
            refuse(HttpServletResponse.SC_FORBIDDEN);
            return false;
        }
        return true;
    }

    public void record(AuditEventKind kind, String about) {
        trail.record(kind, getName(), about, ClientAddress.of(request, settings.trustedProxies()));
    }

    public void signOut() {
        record(AuditEventKind.SIGNED_OUT, "");
        FacesContext faces = FacesContext.getCurrentInstance();
        try {
            request.logout();
        } catch (ServletException e) {
            throw new IllegalStateException("signing out failed", e);
        }
        faces.getExternalContext().invalidateSession();
        redirect("/sign-in");
    }

    /** Ends a form, so that reloading the page sends nothing again. */
    public void redirect(String address) {
        try {
            FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .redirect(settings.publicUrl(address).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void refuse(int status) {
        FacesContext faces = FacesContext.getCurrentInstance();
        if (faces.getResponseComplete()) {
            return; // a form with another page's view state calls that page's listeners too
        }
        try {
            faces.getExternalContext().responseSendError(status, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }
}
