package dev.grantbook.administrator;

import dev.grantbook.platform.pages.Routes;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Path and query of the console page that a visitor requested before signing in. The sign-in page passes it on as a
 * parameter that anybody can forge, so only an address of the console counts.
 */
public record Destination(String address) {

    /** Parameter of the sign-in page. */
    public static final String PARAMETER = "to";

    private static final Destination FIRST_PAGE = new Destination("/console");

    private static final int LONGEST = 2000;

    /** No dot, colon or backslash in the path, and in the query only what a URL can hold (RFC 3986). */
    private static final Pattern CONSOLE = Pattern.compile(
            "/console(?:/[A-Za-z0-9-]+)*" + "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?");

    /** Reads an address; the console's first page for what is no address of the console. */
    public static Destination of(@Nullable String text) {
        return text != null && text.length() <= LONGEST && CONSOLE.matcher(text).matches()
                ? new Destination(text)
                : FIRST_PAGE;
    }

    /** The address of a request, if it is one of the console. */
    public static Destination of(HttpServletRequest request) {
        String path = Routes.address(request);
        return of(request.getQueryString() == null ? path : path + "?" + request.getQueryString());
    }

    /** Returns the address of the sign-in page that leads back here. */
    public String signIn(String page) {
        return equals(FIRST_PAGE)
                ? page
                : page + "?" + PARAMETER + "=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
    }
}
