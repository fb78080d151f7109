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
 * Lets nothing change the console but a form of its own pages: the view state must be one of the visitor's session,
 * which Faces checks, and the browser must not say that another site sent the form.
 */
public class ConsoleFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String SIGN_IN = "/sign-in";

    /** The page whose form has no state on the server, also by its file's name. */
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
        // Faces takes a form from a link too.
        boolean smuggled = !form && request.getParameter(ResponseStateManager.VIEW_STATE_PARAM) != null;
        if ((form && (!ours || !mayChange(request))) || smuggled) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (request.getServletPath().equals(SIGN_IN)) {
            anonymous.spend();
        }
        // On an error page the server no longer knows roles, and its navigation is an administrator's all the same.
        request.setAttribute(AdministratorSession.ADMIN, request.isUserInRole(Role.ADMIN));
        // Both now: a forward that fails leaves its own address behind.
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
     * An auditor sends nothing but "Sign out", which is on every page, and their own password. The beans that change
     * something ask again.
     */
    private static boolean mayChange(HttpServletRequest request) {
        return request.getServletPath().equals(SIGN_IN)
                || request.isUserInRole(Role.ADMIN)
                || request.getServletPath().equals("/console/password")
                || request.getParameter(AdministratorSession.SIGN_OUT_FORM) != null;
    }

    /**
     * A form with the view state of another page: the page to sign in at keeps none on the server (Faces 4.0,
     * ResponseStateManager), and all others do.
     */
    private static boolean isForeign(HttpServletRequest request) {
        boolean stateless = "stateless".equals(request.getParameter(ResponseStateManager.VIEW_STATE_PARAM));
        return STATELESS.contains(request.getServletPath()) != stateless;
    }

    /** A page that was open longer than its session: the page starts again. */
    private static boolean isExpired(@Nullable Throwable failure) {
        return failure instanceof ViewExpiredException || (failure != null && isExpired(failure.getCause()));
    }
}
