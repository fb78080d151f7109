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
import java.util.Map;

/** The sign-in page. It leads to the page of the console that was asked for, and to no address outside the console. */
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

    private String name = "";
    private String password = "";
    private boolean failed;

    public void enter() {
        var external = FacesContext.getCurrentInstance().getExternalContext();
        var typed = new UsernamePasswordCredential(name.strip(), password);
        AuthenticationStatus status = security.authenticate(
                request,
                (HttpServletResponse) external.getResponse(),
                AuthenticationParameters.withParams().credential(typed));
        failed = status != AuthenticationStatus.SUCCESS;
        if (!failed) {
            session.redirect(getDestination());
        }
        // Otherwise the page shows again, at once: by way of a redirect the name would have to travel in an address,
        // and
        // people type passwords into that field.
    }

    /** For whatever reason: it is the same page for all. */
    public boolean isFailed() {
        return failed;
    }

    /** Where signing in leads. */
    public String getDestination() {
        return Destination.of(parameters.get(Destination.PARAMETER)).address();
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    /** Never shown again. */
    public String getPassword() {
        return "";
    }

    public void setPassword(String password) {
        this.password = password;
    }
}
