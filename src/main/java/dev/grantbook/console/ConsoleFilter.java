package dev.grantbook.console;

import dev.grantbook.access.AnonymousBudget;
import dev.grantbook.access.Role;
import dev.grantbook.platform.SameOrigin;
import dev.grantbook.platform.Settings;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.render.ResponseStateManager;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.primefaces.csp.CspException;

/**
 * Lets nothing change the console but a form of its own pages: the view state must be one of the visitor's session, which
 * Faces checks, and the browser must not say that another site sent the form.
 */
public class ConsoleFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String SIGN_IN = "/sign-in";

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
        // Faces takes a form from a link too.
        boolean smuggled = !form && request.getParameter(ResponseStateManager.VIEW_STATE_PARAM) != null;
        if ((form && (!ours || !mayChange(request))) || smuggled) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (request.getServletPath().equals(SIGN_IN)) {
            anonymous.spend();
        }
        try {
            chain.doFilter(request, response);
        } catch (ServletException failure) {
            if (response.isCommitted() || !isExpired(failure)) {
                throw failure;
            }
            response.resetBuffer();
            String address =
                    request.getRequestURI().substring(request.getContextPath().length());
            response.sendRedirect(settings.publicUrl(address).toString());
        }
    }

    /**
     * An auditor sends nothing but "Sign out", which is on every page, and their own password. The beans that change
     * something ask again.
     */
    private static boolean mayChange(HttpServletRequest request) {
        return request.getServletPath().equals(SIGN_IN)
                || request.isUserInRole(Role.ADMIN)
                || request.getServletPath().equals("/console/password")
                || request.getParameter(DeskBacking.SIGN_OUT_FORM) != null;
    }

    /** A page that was open longer than its session, or a form that PrimeFaces did not see: the page starts again. */
    private static boolean isExpired(@Nullable Throwable failure) {
        return failure instanceof ViewExpiredException
                || failure instanceof CspException
                || (failure != null && isExpired(failure.getCause()));
    }
}
