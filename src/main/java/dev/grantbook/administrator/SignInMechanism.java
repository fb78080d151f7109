package dev.grantbook.administrator;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.web.SecurityHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.Set;

/**
 * Signs administrators in with a form, and checks at each request that they still may. The standard form mechanism
 * remembers the role until the session ends, and redirects to the host that the first request named; here only a
 * {@link Destination} is kept.
 */
@ApplicationScoped
public class SignInMechanism implements HttpAuthenticationMechanism {

    private static final String PAGE = "/sign-in";

    @Inject
    IdentityStoreHandler stores;

    @Inject
    Administrators administrators;

    @Inject
    Settings settings;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        // The server replies without our filters when it asks for a sign-in or refuses a role.
        SecurityHeaders.write(request, response, settings.https());
        Credential typed = context.getAuthParameters().getCredential();
        if (typed != null) {
            return signIn(request, context, stores.validate(typed));
        }
        if (!context.isProtected()) {
            return context.doNothing();
        }
        Optional<Administrator> known = findSignedIn(request).flatMap(administrators::find);
        return known.isPresent()
                ? context.notifyContainerAboutLogin(
                        known.get().name(), Set.of(known.get().role()))
                // Not by the request's own host and scheme, which the client chooses.
                : context.redirect(
                        settings.publicUrl(Destination.of(request).signIn(PAGE)).toString());
    }

    private AuthenticationStatus signIn(
            HttpServletRequest request, HttpMessageContext context, CredentialValidationResult result) {
        if (result.getStatus() != Status.VALID) {
            return AuthenticationStatus.SEND_FAILURE;
        }
        renew(request, administrators, result.getCallerPrincipal().getName());
        return context.notifyContainerAboutLogin(result);
    }

    /** Keeps the current session alive after its administrator's password was changed. */
    public static void renew(HttpServletRequest request, Administrators administrators, String name) {
        administrators.find(name).ifPresent(administrator -> remember(request, administrator));
    }

    /** Changes the session id, so that one planted before does not get the sign-in. */
    private static void remember(HttpServletRequest request, Administrator administrator) {
        HttpSession session = request.getSession();
        request.changeSessionId();
        session.setAttribute(SignedIn.KEY, new SignedIn(administrator.name(), administrator.stamp()));
    }

    private static Optional<SignedIn> findSignedIn(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(SignedIn.KEY) instanceof SignedIn found
                ? Optional.of(found)
                : Optional.empty();
    }
}
