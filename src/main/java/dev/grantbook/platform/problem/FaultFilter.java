package dev.grantbook.platform.problem;

import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;

/** Replies with a problem when a page breaks or is refused: 503 when the database is gone, never a stack trace. */
@Dependent
public class FaultFilter extends HttpFilter {

    @Inject
    Clock clock;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException failure) {
            if (response.isCommitted()) {
                throw failure;
            }
            if (failure instanceof ServletException && failure.getCause() instanceof FileNotFoundException) {
                // How Open Liberty replies to an address without a file.
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            Problem problem = failure instanceof ProblemException known ? known.problem() : Fault.of(failure);
            response.resetBuffer();
            Long retryAfter = problem.retryAfter(clock.instant());
            if (retryAfter != null) {
                response.setHeader("Retry-After", retryAfter.toString());
            }
            boolean page = !Routes.address(request).startsWith("/api/");
            ErrorPage.send(problem, page, request, response);
        }
    }
}
