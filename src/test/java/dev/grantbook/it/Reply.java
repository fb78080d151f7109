package dev.grantbook.it;

import java.net.HttpCookie;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What came back for one request of {@link Http}.
 *
 * @param body the text, empty when there was none
 */
public record Reply(int status, HttpHeaders headers, String body) {

    static Reply of(HttpResponse<String> response) {
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    /** @throws NoSuchElementException when the header is missing */
    public String header(String name) {
        return headers.firstValue(name).orElseThrow(() -> new NoSuchElementException("no " + name + " in " + this));
    }

    /**
     * Where the reply redirects to, as written.
     *
     * @throws NoSuchElementException when it does not redirect
     */
    public String location() {
        return header("Location");
    }

    /** Every {@code Set-Cookie} value with its attributes, as written. */
    public List<String> setCookies() {
        return headers.allValues("Set-Cookie");
    }

    /**
     * The cookies it sets, as a {@code Cookie} header that a browser without any other would send next; those it
     * removes are left out.
     */
    String cookies() {
        return setCookies().stream()
                .map(line -> HttpCookie.parse("Set-Cookie: " + line).get(0))
                .filter(cookie -> !cookie.hasExpired())
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
    }
}
