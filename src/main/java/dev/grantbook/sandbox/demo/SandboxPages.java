package dev.grantbook.sandbox.demo;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.Dialects;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.consent.ConsentBacking;
import dev.grantbook.sandbox.consent.Consents;
import dev.grantbook.sandbox.consent.DialectBacking;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers 404 while the sandbox is off; on, serves its pages at the addresses of the pages that they emulate. */
@WebFilter("/sandbox/*")
public class SandboxPages extends HttpFilter {

    /** Below WEB-INF, since views in a public folder would be served while the sandbox is off too. */
    private static final Map<String, String> VIEWS = Map.of(
            DemoBot.CHAT, "/WEB-INF/sandbox/chat.xhtml",
            WebChat.PAGE, "/WEB-INF/sandbox/web-chat.xhtml");

    /** Methods that get a page; others are for the resources at the same addresses. */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Pattern DIALECT = Pattern.compile(SandboxClients.HOME + "([^/]+)/(.+)");

    @Inject
    Settings settings;

    @Inject
    Dialects dialects;

    @Inject
    Consents consents;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!settings.sandbox().enabled()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String address = Routes.address(request);
        String view = READING.contains(request.getMethod()) ? view(address, request) : null;
        if (view == null) {
            chain.doFilter(request, response);
        } else if (request.getAttribute(ConsentBacking.READING) instanceof ConsentRefusal refusal
                && refusal.back() != null) {
            response.sendRedirect(refusal.back().toString());
        } else {
            request.getRequestDispatcher(view).forward(request, response);
        }
    }

    private @Nullable String view(String address, HttpServletRequest request) {
        Matcher at = DIALECT.matcher(address);
        Optional<Dialect> dialect = at.matches() ? dialects.find(at.group(1)) : Optional.empty();
        if (dialect.isEmpty()) {
            return VIEWS.get(address);
        }
        request.setAttribute(DialectBacking.DIALECT, dialect.get());
        if (at.group(2).equals("authorizations")) {
            return "/WEB-INF/sandbox/authorizations.xhtml";
        }
        if (dialect.get().isAuthorizationPath(at.group(2))) {
            request.setAttribute(ConsentBacking.READING, reading(dialect.get(), request.getQueryString()));
            return "/WEB-INF/sandbox/consent.xhtml";
        }
        return null;
    }

    private Object reading(Dialect dialect, @Nullable String query) {
        try {
            return consents.read(dialect, query);
        } catch (ConsentRefusal refusal) {
            return refusal;
        }
    }
}
