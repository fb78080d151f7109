package dev.grantbook.platform.problem;

import dev.grantbook.platform.pages.GivenParameters;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Replaces the server's own error pages. */
@WebServlet("/error")
public class ErrorPage extends HttpServlet {

    /**
     * Request attribute: the view that shows 403 and 404 of a page that was only to be read, in place of the plain
     * page. The console's has its navigation, for administrators who followed an old link.
     */
    public static final String VIEW = "grantbook.error-view";

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<Integer> LOST = Set.of(HttpServletResponse.SC_FORBIDDEN, HttpServletResponse.SC_NOT_FOUND);

    /** Handles every method: the request that failed may have had any. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        int status = (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (status == HttpServletResponse.SC_NOT_IMPLEMENTED) {
            // Servlets reply so to methods that they do not know; the fault is the client's.
            response.setHeader("Allow", "GET, HEAD, OPTIONS");
            status = HttpServletResponse.SC_METHOD_NOT_ALLOWED;
        }
        if (isLost(request, status) && ProblemPage.isWanted(request)) {
            request.getRequestDispatcher((String) request.getAttribute(VIEW)).forward(dropForm(request), response);
        } else {
            send(Problem.standard(status), request, response);
        }
    }

    /** Sends a problem: as a page to browsers, as JSON to programs. */
    public static void send(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(problem, ProblemPage.isWanted(request), request, response);
    }

    static void send(Problem problem, boolean page, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(problem.status());
        response.setContentType((page ? "text/html" : "application/problem+json") + ";charset=UTF-8");
        String text =
                page ? ProblemPage.write(problem, request) : problem.toJson().toString();
        response.getWriter().write(text);
    }

    private static boolean isLost(HttpServletRequest request, int status) {
        // After a form, Faces would run a second time in one request and fail on the state of the first run.
        return LOST.contains(status) && READING.contains(request.getMethod()) && request.getAttribute(VIEW) != null;
    }

    /** Keeps Faces from reading the refused form again: a view is only shown. */
    private static HttpServletRequest dropForm(HttpServletRequest request) {
        return new GivenParameters(request, Map.of()) {
            @Override
            public String getMethod() {
                return "GET";
            }
        };
    }
}
