package dev.grantbook.console;

import dev.grantbook.administrator.ConsoleSessions;
import dev.grantbook.administrator.Destination;
import dev.grantbook.administrator.SessionCookie;
import dev.grantbook.administrator.SignedIn;
import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.problem.ErrorPage;
import dev.grantbook.platform.web.SameOrigin;
import jakarta.faces.render.ResponseStateManager;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Lets signed-in administrators into the console, and accepts changes from forms of its own pages only: a form sends a
 * token that belongs to the session, and the browser must not report another site as the form's origin. Every address
 * behind this filter but the sign-in page needs a session, whether it is a page or not.
 */
public class ConsoleFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** Field of each form of the console (the tag {@code gb:csrf}). */
    public static final String FORM_TOKEN = "csrf-token";

    private static final String SIGN_IN = "/sign-in";

    private static final String ADMINISTRATORS = "/console/administrators";

    private static final String PROBLEM_VIEW = "/console/problem.xhtml";

    /** Pages whose forms concern oneself. */
    private static final Set<String> OWN = Set.of("/console/password", "/console/sessions");

    @Inject
    transient SameOrigin sameOrigin;

    @Inject
    transient SessionCookie cookie;

    @Inject
    transient ConsoleSessions sessions;

    @Inject
    transient Settings settings;

    @Inject
    transient AnonymousBudget anonymous;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean form = "POST".equals(request.getMethod());
        String state = request.getParameter(ResponseStateManager.VIEW_STATE_PARAM);
        // Faces takes whatever has a view state for a form.
        boolean smuggled = !form && state != null;
        if (smuggled || (form && !isSameOrigin(request))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        boolean current = "stateless".equals(state);
        // Encoded: other spellings of this address are addresses of the console without a page.
        if (Routes.address(request).equals(SIGN_IN)) {
            anonymous.spend();
        } else {
            Optional<SignedIn> caller = find(request);
            if (caller.isEmpty()) {
                redirect(Destination.of(request).signIn(SIGN_IN), response);
                return;
            }
            caller.get().attach(request);
            request.setAttribute(ErrorPage.VIEW, PROBLEM_VIEW);
            if (!mayRead(caller.get(), request) || (form && !mayChange(caller.get(), request))) {
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
                return;
            }
            current &= caller.get().hasSent(request.getParameter(FORM_TOKEN));
        }
        if (form && !current) {
            // The page was open for longer than its session: it is shown again, and nothing is done.
            redirect(Destination.of(request).address(), response);
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean isSameOrigin(HttpServletRequest request) {
        return sameOrigin.allows(request.getHeader(SameOrigin.FETCH_SITE), request.getHeader(SameOrigin.ORIGIN));
    }

    private Optional<SignedIn> find(HttpServletRequest request) {
        Optional<Secret> token = cookie.read(request);
        Optional<SignedIn> caller = token.flatMap(sessions::find);
        if (token.isPresent() && caller.isEmpty()) {
            anonymous.spend();
        }
        return caller;
    }

    private static boolean mayRead(SignedIn caller, HttpServletRequest request) {
        return caller.isAdmin()
                || (caller.isAuditor() && !Routes.address(request).startsWith(ADMINISTRATORS));
    }

    /**
     * Whether the caller may send this form: an auditor may sign out, which is on every page, change their own password
     * and end their own sessions. Beans check again.
     */
    private static boolean mayChange(SignedIn caller, HttpServletRequest request) {
        return caller.isAdmin()
                || OWN.contains(Routes.address(request))
                || request.getParameter(AdministratorSession.SIGN_OUT_FORM) != null;
    }

    /** Leads to the public address: the request's own host and scheme are chosen by the client. */
    private void redirect(String address, HttpServletResponse response) throws IOException {
        response.sendRedirect(settings.publicUrl(address).toString());
    }
}
