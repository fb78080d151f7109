package dev.grantbook.console;

import dev.grantbook.administrator.Role;
import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.web.SameOrigin;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.render.ResponseStateManager;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts changes from forms of the console's own pages only: the view state must be one of the session, which Faces
 * checks, and the browser must not report another site as the form's origin.
 */
public class ConsoleFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String SIGN_IN = "/sign-in";

    /** Paths of the page whose form has no state on the server. */
    private static final Set<String> STATELESS = Set.of(SIGN_IN, "/console/sign-in");

    @Inject
    transient SameOrigin sameOrigin;

    @Inject
    transient Settings settings;

    @Inject
    transient AnonymousBudget anonymous;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean form = "POST".equals(request.getMethod());
        boolean ours =
                sameOrigin.allows(request.getHeader(SameOrigin.FETCH_SITE), request.getHeader(SameOrigin.ORIGIN));
        // Faces accepts a form in a GET request too.
        boolean smuggled = !form && request.getParameter(ResponseStateManager.VIEW_STATE_PARAM) != null;
        if ((form && (!ours || !mayChange(request))) || smuggled) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (request.getServletPath().equals(SIGN_IN)) {
            anonymous.spend();
        }
        // Error pages show the navigation too, and the server knows no roles there.
        request.setAttribute(AdministratorSession.ADMIN, request.isUserInRole(Role.ADMIN));
        // Read before the chain: a failed forward leaves its own address behind.
        boolean foreign = isForeign(request);
        String address = Routes.address(request);
        try {
            chain.doFilter(request, response);
        } catch (ServletException failure) {
            if (response.isCommitted() || !(isExpired(failure) || foreign)) {
                throw failure;
            }
            response.resetBuffer();
            response.sendRedirect(settings.publicUrl(address).toString());
        }
    }

    /**
     * Whether the caller may send this form: an auditor may sign out, which is on every page, and change their own
     * password. Beans check again.
     */
    private static boolean mayChange(HttpServletRequest request) {
        return request.getServletPath().equals(SIGN_IN)
                || request.isUserInRole(Role.ADMIN)
                || request.getServletPath().equals("/console/password")
                || request.getParameter(AdministratorSession.SIGN_OUT_FORM) != null;
    }

    /**
     * Whether a form has the view state of another page: only the sign-in page keeps none on the server (Faces 4.0,
     * ResponseStateManager).
     */
    private static boolean isForeign(HttpServletRequest request) {
        boolean stateless = "stateless".equals(request.getParameter(ResponseStateManager.VIEW_STATE_PARAM));
        return STATELESS.contains(request.getServletPath()) != stateless;
    }

    /** Whether the page was open longer than its session. */
    private static boolean isExpired(@Nullable Throwable failure) {
        return failure instanceof ViewExpiredException || (failure != null && isExpired(failure.getCause()));
    }
}
