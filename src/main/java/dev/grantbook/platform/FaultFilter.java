package dev.grantbook.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A page that breaks says so honestly: 503 when the database is gone, never a stack trace. */
public class FaultFilter extends HttpFilter {

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException failure) {
            if (response.isCommitted()) {
                throw failure;
            }
            Problem problem = Fault.of(failure);
            response.resetBuffer();
            response.setStatus(problem.status());
            response.setContentType("text/html;charset=UTF-8");
            response.getWriter().write(ProblemPage.write(problem, request));
        }
    }
}
