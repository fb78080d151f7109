package dev.grantbook.platform;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong where the server would show its own page. */
@WebServlet("/error")
public class ErrorPage extends HttpServlet {

    /** Also for methods that a servlet does not know: the request that failed may have been anything. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        int status = (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Problem problem = ProblemMapper.standard(status);
        if (accepts(request.getHeader("Accept"))) {
            response.setContentType("text/html;charset=UTF-8");
            response.getWriter().write(ProblemPage.write(problem, request));
        } else {
            response.setContentType("application/problem+json");
            response.getWriter().write(problem.toJson().toString());
        }
    }

    private static boolean accepts(@Nullable String header) {
        return header != null && header.contains("html");
    }
}
