package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCookieTest {

    private static final Secret TOKEN = Secret.random(new SecureRandom());

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final SessionCookie cookie = new SessionCookie();
    private final List<Cookie> sent = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, grantbook, false",
        "http://localhost:8080/bots, grantbook-bots, false",
        "https://grantbook.example.com, __Host-grantbook, true",
        "https://example.com/our/bots, __Host-grantbook-our-bots, true"
    })
    void theCookieIsRestrictedAsFarAsTheAddressAllows(String address, String name, boolean secure) {
        use(address);

        cookie.write(response(), TOKEN);

        assertThat(sent)
                .singleElement()
                .returns(name, Cookie::getName)
                .returns(TOKEN.value(), Cookie::getValue)
                .returns("/", Cookie::getPath)
                .returns(null, Cookie::getDomain)
                .returns(true, Cookie::isHttpOnly)
                .returns(secure, Cookie::getSecure)
                .returns(-1, Cookie::getMaxAge)
                .returns("Lax", one -> one.getAttribute("SameSite"));
        assertThat(cookie.read(request(sent))).contains(TOKEN);
    }

    @Test
    void aDeletedCookieHoldsNothing() {
        use("https://grantbook.example.com");

        cookie.delete(response());

        assertThat(sent).singleElement().returns(0, Cookie::getMaxAge).returns("", Cookie::getValue);
        assertThat(cookie.read(request(sent))).isEmpty();
    }

    @Test
    void whatIsNoTokenIsNoneOfOurs() {
        use("https://grantbook.example.com");

        for (Cookie other : List.of(
                new Cookie("grantbook", TOKEN.value()),
                new Cookie("__Host-grantbook-bots", TOKEN.value()),
                new Cookie("__Host-grantbook", TOKEN.value().substring(1)),
                new Cookie("__Host-grantbook", TOKEN.hash()))) {
            assertThat(cookie.read(request(List.of(other)))).isEqualTo(Optional.empty());
        }
    }

    private void use(String address) {
        cookie.settings = configuration.with("grantbook.public-url", address).settings();
    }

    private HttpServletResponse response() {
        return stub(HttpServletResponse.class, "addCookie", arguments -> sent.add((Cookie) arguments[0]));
    }

    private static HttpServletRequest request(List<Cookie> cookies) {
        return stub(HttpServletRequest.class, "getCookies", arguments -> cookies.toArray(Cookie[]::new));
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T stub(Class<T> type, String name, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, all) -> {
            assertThat(method.getName()).isEqualTo(name);
            Object result = answer.to(all);
            return method.getReturnType() == void.class ? null : result;
        }));
    }
}
