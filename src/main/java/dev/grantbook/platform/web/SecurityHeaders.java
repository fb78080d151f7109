package dev.grantbook.platform.web;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Routes;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Restricts what browsers do with our replies. A resource can override a header. */
@Dependent
public class SecurityHeaders extends HttpFilter {

    private static final String POLICY = "Content-Security-Policy";

    /** No script, and no style but ours. */
    private static final String STRICT =
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none';" + " frame-ancestors 'none'";

    /** Our own script files, for pages that work without them too. */
    private static final String SCRIPT = "; script-src 'self'";

    @Inject
    Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        headers(Routes.address(request), settings.https()).forEach(response::setHeader);
        chain.doFilter(request, response);
    }

    static Map<String, String> headers(String address, boolean https) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(
                POLICY,
                STRICT + (leadsAway(address) ? "" : "; form-action 'self'") + (hasScript(address) ? SCRIPT : ""));
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", isAuthorization(address) ? "unsafe-none" : "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        headers.put("Cache-Control", isAsset(address) ? "public, max-age=3600, must-revalidate" : "no-store");
        if (!address.equals("/") && !isAsset(address)) {
            headers.put("X-Robots-Tag", "noindex");
        }
        if (https) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        return headers;
    }

    /**
     * Whether a form of this page may end at a provider. Chromium applies {@code form-action} to the redirects that
     * follow a form, so 'self' would block the way, and naming the provider would break at its own next redirect.
     */
    private static boolean leadsAway(String address) {
        return address.startsWith("/connect/")
                || address.startsWith("/outcome/")
                || address.startsWith("/channels/")
                || address.startsWith("/sandbox/");
    }

    /**
     * Whether a web chat may have opened this page, or one before it, in another tab. At the end of the attempt the
     * page notifies the chat, which it cannot do once a page on the way has cut itself off from its opener.
     */
    private static boolean isAuthorization(String address) {
        return leadsAway(address)
                || address.startsWith("/oauth/")
                || address.startsWith("/linked/")
                || address.equals("/authorize");
    }

    /** Whether the page sends messages to another tab. */
    private static boolean hasScript(String address) {
        return address.startsWith("/linked/") || address.equals("/sandbox/web-chat");
    }

    private static boolean isAsset(String address) {
        return address.startsWith("/assets/") || address.startsWith("/jakarta.faces.resource/");
    }
}
