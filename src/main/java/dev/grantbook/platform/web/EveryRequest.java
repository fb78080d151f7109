package dev.grantbook.platform.web;

import dev.grantbook.platform.observability.TraceFilter;
import dev.grantbook.platform.problem.FaultFilter;
import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Passes requests through the filters that all of them need, as one filter: servers do work of their own around each.
 */
public class EveryRequest extends HttpFilter {

    @Inject
    TraceFilter traces;

    @Inject
    SecurityHeaders headers;

    @Inject
    FaultFilter faults;

    @Inject
    UploadLimit uploads;

    @Inject
    SoundRequests sound;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // An error page gets the trace of its request, and headers, since the server drops all after an exception.
        FilterChain rest = request.getDispatcherType() == DispatcherType.ERROR
                ? chain
                : before(faults, before(uploads, before(sound, chain)));
        before(traces, before(headers, rest)).doFilter(request, response);
    }

    private static FilterChain before(Filter filter, FilterChain next) {
        return (request, response) -> filter.doFilter(request, response, next);
    }
}
