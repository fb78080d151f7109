package dev.grantbook.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.platform.problem.Problem.ProblemException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTargetTest {

    private static final List<URI> API =
            List.of(URI.create("https://api.example.com/v1"), URI.create("https://files.example.com"));

    @ParameterizedTest
    @CsvSource({
        "me, , https://api.example.com/v1/me",
        "'', , https://api.example.com/v1/",
        "me/, , https://api.example.com/v1/me/",
        "a/b%20c, , https://api.example.com/v1/a/b%20c",
        "me, fields=id%2Cname&x, https://api.example.com/v1/me?fields=id%2Cname&x",
        "me, to=https://evil.example/../x, https://api.example.com/v1/me?to=https://evil.example/../x",
        "a..b/...c, , https://api.example.com/v1/a..b/...c",
        "@evil.example, , https://api.example.com/v1/@evil.example",
        "users:batch, , https://api.example.com/v1/users:batch",
        "50%25, , https://api.example.com/v1/50%25"
    })
    void goesBelowTheFirstAddress(String path, String query, String target) {
        assertThat(ProxyTarget.of(API, null, path, query)).isEqualTo(URI.create(target));
    }

    @Test
    void goesToTheAddressThatIsChosen() {
        assertThat(ProxyTarget.of(API, "https://files.example.com", "x", null))
                .isEqualTo(URI.create("https://files.example.com/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@evil.example", ":8443/x", "@evil.example:1/x", ".evil.example/x"})
    void noPathReachesIntoTheHost(String path) {
        URI target = ProxyTarget.of(List.of(URI.create("https://api.example.com")), null, path, null);

        assertThat(target.getRawAuthority()).isEqualTo("api.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "a/../../x",
                "./x",
                "..;/x",
                "..;a=b/x",
                "%2e%2e/x",
                "%2e%2e%3b/x",
                "a/%2E./x",
                "%252e%252e/x",
                "%25252e%25252e/x",
                "%252e%252e%252foauth%25zz",
                "a%2Fb",
                "a%2F..%2F..%2Fx",
                "a%252fb",
                "..%5Cx",
                "a%5Cb",
                "a\\\\x",
                "a%0d%0aHost:x",
                "a%00",
                "a%2500",
                "%zz",
                "a b",
                "//evil.example/x",
                "https://evil.example/x",
                "a//b"
            })
    void whatMayLeadElsewhereIsRefused(String path) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxyTarget.of(API, null, path, null))
                .satisfies(refused ->
                        assertThat(refused.problem().faults().get(0).field()).isEqualTo("path"));
    }

    @ParameterizedTest
    @DisplayName("3.3 What no address can have is named, and where it stands")
    @ValueSource(strings = {"a={b}", "a=b|c", "a=%zz", "a=\"b\"", "a=b c"})
    void aQueryThatNoAddressCanHaveIsNamed(String query) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxyTarget.of(API, null, "me", query))
                .satisfies(refused ->
                        assertThat(refused.problem().faults().get(0).field()).isEqualTo("query"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "https://api.example.com", "https://api.example.com/v1/", ""})
    void onlyTheAddressesOfTheApiCanBeChosen(String chosen) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxyTarget.of(API, chosen, "me", null))
                .satisfies(refused ->
                        assertThat(refused.problem().faults().get(0).field()).isEqualTo("Grantbook-Api"));
    }

    @Test
    void withoutAnApiThereIsNowhereToGo() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxyTarget.of(List.of(), null, "me", null))
                .satisfies(refused -> assertThat(refused.problem().slug()).isEqualTo("no-api"));
    }
}
