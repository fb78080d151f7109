package dev.grantbook.console.administrator;

import dev.grantbook.administrator.ConsoleSessions;
import dev.grantbook.administrator.Destination;
import dev.grantbook.administrator.SessionCookie;
import dev.grantbook.administrator.SignIn;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The sign-in page; redirects to the requested page of the console, and to no other address. */
@Named("signIn")
@RequestScoped
public class SignInBacking {

    @Inject
    SignIn signIn;

    @Inject
    ConsoleSessions sessions;

    @Inject
    SessionCookie cookie;

    @Inject
    AdministratorSession session;

    @Inject
    HttpServletRequest request;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private final Map<String, String> form = new HashMap<>();
    private boolean failed;

    public void enter() {
        Optional<Secret> token = signIn.enter(
                form.getOrDefault("name", "").strip(), form.getOrDefault("password", ""), session.device());
        failed = token.isEmpty();
        token.ifPresent(this::open);
        // A failure redirects nowhere: the name would be in the address, and people type passwords into that field.
    }

    /** Replaces the session that the browser had, which may be one planted by somebody else. */
    private void open(Secret token) {
        cookie.read(request).ifPresent(sessions::end);
        session.hold(token);
        session.redirect(getDestination());
    }

    /** The page gives no reason. */
    public boolean isFailed() {
        return failed;
    }

    public String getDestination() {
        return Destination.of(parameters.get(Destination.PARAMETER)).address();
    }

    /** What the form was sent with. */
    public Map<String, String> getForm() {
        return form;
    }
}
