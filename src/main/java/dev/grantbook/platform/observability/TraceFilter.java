package dev.grantbook.platform.observability;

import jakarta.enterprise.context.Dependent;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Gives each request a {@link Trace}, its error page included. Bots may send their own; browsers may not. */
@Dependent
public class TraceFilter extends HttpFilter {

    private static final String TRACE = TraceFilter.class.getName();

    private static final String API = "/api/";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Trace.set(request.getAttribute(TRACE) instanceof String known ? known : begin(request));
        try {
            chain.doFilter(request, response);
        } finally {
            request.setAttribute(TRACE, Trace.current());
            Trace.set(null);
        }
    }

    private static String begin(HttpServletRequest request) {
        boolean bot = request.getRequestURI().startsWith(request.getContextPath() + API);
        return Trace.of(bot ? request.getHeader("traceparent") : null).orElseGet(Trace::fresh);
    }
}
