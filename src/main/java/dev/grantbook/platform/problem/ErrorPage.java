package dev.grantbook.platform.problem;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what went wrong where the server would show its own page. */
@WebServlet("/error")
public class ErrorPage extends HttpServlet {

    /** Has the console's navigation, for administrators who followed an old link. */
    private static final String CONSOLE = "/console/problem.xhtml";

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<Integer> LOST = Set.of(HttpServletResponse.SC_FORBIDDEN, HttpServletResponse.SC_NOT_FOUND);

    /** Also for methods that a servlet does not know: the request that failed may have been anything. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        int status = (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (status == HttpServletResponse.SC_NOT_IMPLEMENTED) {
            // What servlets say of methods that they do not know; the client's fault, not ours.
            response.setHeader("Allow", "GET, HEAD, OPTIONS");
            status = HttpServletResponse.SC_METHOD_NOT_ALLOWED;
        }
        if (isLost(request, status) && ProblemPage.isWanted(request)) {
            request.getRequestDispatcher(CONSOLE).forward(new ReadRequest(request), response);
        } else {
            tell(Problem.standard(status), request, response);
        }
    }

    /** Replies with a problem: as a page to browsers, as JSON to programs. */
    public static void tell(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(problem.status());
        if (ProblemPage.isWanted(request)) {
            response.setContentType("text/html;charset=UTF-8");
            response.getWriter().write(ProblemPage.write(problem, request));
        } else {
            response.setContentType("application/problem+json");
            response.getWriter().write(problem.toJson().toString());
        }
    }

    private static boolean isLost(HttpServletRequest request, int status) {
        Object address = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        // After a form, Faces would run a second time in one request, and fail over the state of the first.
        return LOST.contains(status)
                && READING.contains(request.getMethod())
                && request.getUserPrincipal() != null
                && String.valueOf(address).startsWith(request.getContextPath() + "/console/");
    }

    /** Faces would read the form again that was refused: here it is to show a page, whatever was sent. */
    private static final class ReadRequest extends HttpServletRequestWrapper {

        ReadRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return "GET";
        }

        @Override
        public @Nullable String getParameter(String name) {
            return null;
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }
    }
}
