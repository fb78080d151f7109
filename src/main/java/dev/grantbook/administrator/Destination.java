package dev.grantbook.administrator;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page of the console that a visitor asked for before signing in. It travels through the sign-in page as a
 * parameter that anybody can make up, so that only an address of the console itself counts, as path and query without a
 * host.
 *
 * @param address path and query below the public URL
 */
public record Destination(String address) {

    /** The sign-in page's parameter. */
    public static final String PARAMETER = "to";

    private static final Destination FIRST_PAGE = new Destination("/console");

    private static final int LONGEST = 2000;

    /** No dot, colon or backslash in the path, and nothing in the query that a URL cannot hold (RFC 3986). */
    private static final Pattern CONSOLE = Pattern.compile(
            "/console(?:/[A-Za-z0-9-]+)*" + "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?");

    /** The console's first page for everything that is not an address of the console. */
    public static Destination of(@Nullable String text) {
        return text != null && text.length() <= LONGEST && CONSOLE.matcher(text).matches()
                ? new Destination(text)
                : FIRST_PAGE;
    }

    static Destination of(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return of(request.getQueryString() == null ? path : path + "?" + request.getQueryString());
    }

    /** The sign-in page's address, from which the way leads on to here. */
    String signIn(String page) {
        return equals(FIRST_PAGE)
                ? page
                : page + "?" + PARAMETER + "=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
    }
}
