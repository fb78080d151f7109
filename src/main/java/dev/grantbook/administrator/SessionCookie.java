package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cookie that holds the token of a {@link ConsoleSession} until the browser closes. {@code SameSite=Lax}: links to
 * the console work wherever they are kept, forms of other sites come without it.
 */
@ApplicationScoped
public class SessionCookie {

    private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z]{43}");

    /** What a cookie's name may not have, and more. */
    private static final Pattern UNUSUAL = Pattern.compile("[^0-9A-Za-z]");

    @Inject
    Settings settings;

    public Optional<Secret> read(HttpServletRequest request) {
        Cookie[] all = Objects.requireNonNullElse(request.getCookies(), new Cookie[0]);
        return Arrays.stream(all)
                .filter(cookie -> cookie.getName().equals(name())
                        && TOKEN.matcher(cookie.getValue()).matches())
                .findFirst()
                .map(cookie -> new Secret(cookie.getValue()));
    }

    public void write(HttpServletResponse response, Secret token) {
        response.addCookie(make(token.value(), -1));
    }

    public void delete(HttpServletResponse response) {
        response.addCookie(make("", 0));
    }

    /**
     * By the public address: a proxy that ends TLS hides from the server that browsers use https. There, browsers
     * enforce the rules of the prefix, which keeps neighbouring hosts from planting the cookie and wants the path /; so
     * an application below a path has a name of its own.
     */
    private String name() {
        String path = UNUSUAL.matcher(settings.publicUrl().getPath()).replaceAll("-");
        return (settings.https() ? "__Host-grantbook" : "grantbook") + path;
    }

    private Cookie make(String value, int age) {
        var cookie = new Cookie(name(), value);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(settings.https());
        cookie.setAttribute("SameSite", "Lax");
        cookie.setMaxAge(age);
        return cookie;
    }
}
