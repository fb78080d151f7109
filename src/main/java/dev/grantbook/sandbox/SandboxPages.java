package dev.grantbook.sandbox;

import dev.grantbook.platform.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The sandbox's switch: off, nothing of it is there. On, its pages have the addresses of what they imitate. */
@WebFilter("/sandbox/*")
public class SandboxPages extends HttpFilter {

    /** Below WEB-INF, since a folder of the sandbox's name would answer for itself even when the sandbox is off. */
    private static final Map<String, String> VIEWS = Map.of(
            DemoBot.CHAT, "/WEB-INF/sandbox/chat.xhtml",
            Mixin.CONSENT, "/WEB-INF/sandbox/mixin-consent.xhtml",
            Mixin.AUTHORIZATIONS, "/WEB-INF/sandbox/mixin-authorizations.xhtml");

    /** What is sent there is for the resources at the same addresses. */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    @Inject
    Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!settings.sandbox()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String view = VIEWS.get(
                request.getRequestURI().substring(request.getContextPath().length()));
        if (view != null && READING.contains(request.getMethod())) {
            request.getRequestDispatcher(view).forward(request, response);
        } else {
            chain.doFilter(request, response);
        }
    }
}
