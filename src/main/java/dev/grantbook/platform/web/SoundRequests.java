package dev.grantbook.platform.web;

import dev.grantbook.platform.problem.ErrorPage;
import dev.grantbook.platform.problem.Problem;
import jakarta.faces.render.ResponseStateManager;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.Set;

/**
 * Refuses requests that no library behind this filter can read: they would break there, and the fault is the client's.
 */
public class SoundRequests extends HttpFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (READING.contains(request.getMethod())
                && request.getParameter(ResponseStateManager.VIEW_STATE_PARAM) != null) {
            // Faces would take the address for a form that was sent, of a page that it does not remember.
            ErrorPage.tell(
                    Problem.field(ResponseStateManager.VIEW_STATE_PARAM, "belongs to forms, not to addresses"),
                    request,
                    response);
        } else if (!Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE)).stream()
                .allMatch(SoundRequests::isReadable)) {
            ErrorPage.tell(
                    Problem.of(
                            415,
                            "unsupported-media-type",
                            "Content-Type: not a media type like application/json (RFC 9110 section 8.3), or in a"
                                    + " charset that is not known here"),
                    request,
                    response);
        } else {
            chain.doFilter(request, response);
        }
    }

    static boolean isReadable(String contentType) {
        if (contentType.isBlank()) {
            return true;
        }
        try {
            MediaType type = MediaType.valueOf(contentType);
            String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
            return !type.isWildcardType()
                    && !type.isWildcardSubtype()
                    && (!type.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)
                            || charset == null
                            || Charset.isSupported(charset));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
