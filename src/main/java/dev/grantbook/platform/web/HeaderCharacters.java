package dev.grantbook.platform.web;

import dev.grantbook.platform.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/**
 * Refuses control characters in header values (RFC 9110 section 5.5), and nothing else: letters beyond ASCII are
 * obsolete there but allowed, and a cookie of another application on this host may have them. The server's own check
 * refuses both, so that {@code src/main/payara/system.properties} switches it off.
 */
public class HeaderCharacters extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                if (value.chars().anyMatch(HeaderCharacters::isControl)) {
                    throw Problem.field("headers", "have a control character").exception();
                }
            }
        }
        chain.doFilter(request, response);
    }

    private static boolean isControl(int character) {
        return (character < ' ' && character != '\t') || character == 0x7f;
    }
}
