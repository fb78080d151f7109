package dev.grantbook.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The sign-in page. It always leads to the console's first page, so that nobody can make it lead elsewhere. */
@Named("signIn")
@RequestScoped
public class SignInBacking {

    @Inject
    SecurityContext security;

    @Inject
    DeskBacking desk;

    @Inject
    HttpServletRequest request;

    private String name = "";
    private String password = "";

    public void enter() {
        var external = FacesContext.getCurrentInstance().getExternalContext();
        var typed = new UsernamePasswordCredential(name.strip(), password);
        AuthenticationStatus status = security.authenticate(
                request,
                (HttpServletResponse) external.getResponse(),
                AuthenticationParameters.withParams().credential(typed));
        desk.redirect(status == AuthenticationStatus.SUCCESS ? "/console" : "/sign-in?failed");
    }

    /** For whatever reason: it is the same page for all. */
    public boolean isFailed() {
        return request.getParameter("failed") != null;
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
