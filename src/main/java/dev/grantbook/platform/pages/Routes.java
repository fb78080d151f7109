package dev.grantbook.platform.pages;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.MalformedURLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Forwards the addresses of pages to their views, with the variable part, a token or an id, in a request attribute. */
public class Routes extends HttpFilter {

    /** The request attribute. */
    public static final String PART = "grantbook.part";

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final List<Route> ROUTES = List.of(
            Route.reading("/", "/start.xhtml"),
            Route.reading("/connect/([^/;]{1,256})", "/connect.xhtml"),
            Route.reading("/outcome/([A-Za-z0-9-]{1,64})", "/outcome.xhtml"),
            Route.reading("/linked/([^/;]{1,256})", "/linked.xhtml"),
            Route.reading("/channels/facebook/([^/;]{1,256})", "/facebook.xhtml"),
            Route.reading("/permissions", "/permissions.xhtml"),
            Route.reading("/notices/deletions/([0-9a-f]{64})", "/deletion.xhtml"),
            new Route("/sign-in", "/console/sign-in.xhtml", false),
            new Route("/console/?", "/console/index.xhtml", false),
            new Route("/console/(?<view>[a-z]+(?:-[a-z]+)*)", "/console/*.xhtml", false),
            new Route("/console/grants/([A-Za-z0-9-]{1,64})", "/console/grant.xhtml", false));

    /** A form of address: a star in the view is the group {@code view}; nothing can be posted to a read-only one. */
    private record Route(Pattern path, String view, boolean readOnly) {

        Route(String path, String view, boolean readOnly) {
            this(Pattern.compile(path), view, readOnly);
        }

        static Route reading(String path, String view) {
            return new Route(path, view, true);
        }

        Optional<Target> match(String address) {
            Matcher matcher = path.matcher(address);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String file = view.contains("*") ? view.replace("*", matcher.group("view")) : view;
            int last = matcher.groupCount();
            boolean hasPart = last > (view.contains("*") ? 1 : 0);
            return Optional.of(new Target(file, hasPart ? matcher.group(last) : null, readOnly));
        }
    }

    record Target(String view, @Nullable String part, boolean readOnly) {}

    /** Returns the path of a request without the context path, still encoded. */
    public static String address(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    static Optional<Target> find(String address) {
        for (Route route : ROUTES) {
            Optional<Target> target = route.match(address);
            if (target.isPresent()) {
                return target;
            }
        }
        return Optional.empty();
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Target> target = find(address(request)).filter(this::exists);
        if (target.isPresent()) {
            lead(target.get(), request, response);
        } else if (isView(request.getServletPath())) {
            // A view is served at its route only, not at its file name.
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void lead(Target target, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (target.readOnly() && !READING.contains(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        request.setAttribute(PART, target.part());
        request.getRequestDispatcher(target.view()).forward(request, response);
    }

    private boolean exists(Target target) {
        try {
            return getServletContext().getResource(target.view()) != null;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(target.view(), e);
        }
    }

    private static boolean isView(String path) {
        return path.endsWith(".xhtml") && !path.startsWith("/jakarta.faces.resource/");
    }
}
