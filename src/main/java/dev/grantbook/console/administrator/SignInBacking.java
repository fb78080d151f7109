package dev.grantbook.console.administrator;

import dev.grantbook.administrator.Destination;
import dev.grantbook.console.AdministratorSession;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;

/** The sign-in page; redirects to the requested page of the console, and to no other address. */
@Named("signIn")
@RequestScoped
public class SignInBacking {

    @Inject
    SecurityContext security;

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
        var external = FacesContext.getCurrentInstance().getExternalContext();
        var typed = new UsernamePasswordCredential(
                form.getOrDefault("name", "").strip(), form.getOrDefault("password", ""));
        AuthenticationStatus status = security.authenticate(
                request,
                (HttpServletResponse) external.getResponse(),
                AuthenticationParameters.withParams().credential(typed));
        failed = status != AuthenticationStatus.SUCCESS;
        if (!failed) {
            session.redirect(getDestination());
        }
        // A failure redirects nowhere: the name would be in the address, and people type passwords into that field.
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
