package dev.grantbook.console;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.administrator.AuditTrail;
import dev.grantbook.administrator.ConsoleSessions;
import dev.grantbook.administrator.Device;
import dev.grantbook.administrator.SessionCookie;
import dev.grantbook.administrator.SignedIn;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The signed-in administrator and their role. */
@Named
@RequestScoped
public class AdministratorSession {

    /** Id of the form in the template. */
    static final String SIGN_OUT_FORM = "leave";

    @Inject
    AuditTrail trail;

    @Inject
    ConsoleSessions sessions;

    @Inject
    SessionCookie cookie;

    @Inject
    Settings settings;

    @Inject
    HttpServletRequest request;

    /** @throws IllegalStateException outside the console, where nobody is signed in */
    public SignedIn caller() {
        return SignedIn.of(request).orElseThrow(() -> new IllegalStateException("nobody is signed in"));
    }

    public String getName() {
        return caller().name();
    }

    public boolean isAdmin() {
        return caller().isAdmin();
    }

    /** What the page's forms send, see {@link ConsoleFilter#FORM_TOKEN}. */
    public String getFormToken() {
        return caller().formToken().value();
    }

    public Device device() {
        return Device.of(request.getHeader(HttpHeaders.USER_AGENT), address());
    }

    private ClientAddress address() {
        return ClientAddress.of(request, settings.trustedProxies());
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
        trail.record(kind, getName(), about, address());
    }

    public void signOut() {
        if (sessions.end(caller().session()).isPresent()) {
            record(AuditEventKind.SIGNED_OUT, "");
        }
        cookie.delete(response());
        redirect("/sign-in");
    }

    /** Lets this browser hold another token from now on. */
    public void hold(Secret token) {
        cookie.write(response(), token);
    }

    private static HttpServletResponse response() {
        return (HttpServletResponse)
                FacesContext.getCurrentInstance().getExternalContext().getResponse();
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
