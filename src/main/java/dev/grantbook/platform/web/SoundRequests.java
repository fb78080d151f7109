package dev.grantbook.platform.web;

import dev.grantbook.platform.problem.ErrorPage;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.Dependent;
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
 * Refuses requests that break libraries behind this filter. It also replaces the server's check of header values, which
 * {@code src/main/payara/system.properties} switches off: control characters are refused (RFC 9110 section 5.5),
 * letters beyond ASCII are not, since a cookie of another application on this host may have them.
 */
@Dependent
public class SoundRequests extends HttpFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD");

    /** Types that need no parsing. */
    private static final Set<String> USUAL = Set.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                if (hasControl(value)) {
                    throw Problem.field("headers", "have a control character").exception();
                }
            }
        }
        if (READING.contains(request.getMethod())
                && request.getParameter(ResponseStateManager.VIEW_STATE_PARAM) != null) {
            // Faces would take it for a posted form.
            ErrorPage.send(
                    Problem.field(ResponseStateManager.VIEW_STATE_PARAM, "belongs to forms, not to addresses"),
                    request,
                    response);
        } else if (!Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE)).stream()
                .allMatch(SoundRequests::isReadable)) {
            ErrorPage.send(
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

    private static boolean hasControl(String value) {
        for (int index = 0; index < value.length(); index++) {
            char character = value.charAt(index);
            if ((character < ' ' && character != '\t') || character == 0x7f) {
                return true;
            }
        }
        return false;
    }

    static boolean isReadable(String contentType) {
        if (contentType.isBlank() || USUAL.contains(contentType)) {
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
