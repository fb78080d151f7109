package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/grants",
                "/console/grants/0b6f0c0e-1a53-4d7d-a4b1-0e7c0f9f7a11",
                "/console?x=y",
                "/console/grants?text=a%20b&connector=demo-mixin&after=MjAyNi0x_-",
                "/console/deliveries?subject=users%2F1"
            })
    @DisplayName("5.4 An address of the console is where signing in leads")
    void anAddressOfTheConsoleIsKept(String address) {
        assertThat(Destination.of(address).address()).isEqualTo(address);
        assertThat(Destination.of(address).signIn("/sign-in")).startsWith("/sign-in?to=%2Fconsole");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "console",
                "//evil.example/console",
                "https://evil.example/console",
                "/console.evil.example",
                "/console@evil.example",
                "/console:80@evil.example",
                "/console//evil.example",
                "/console/../oauth/start",
                "/console/%2e%2e/oauth/start",
                "/console\\evil.example",
                "/console/\u0000",
                "/console?a=%zz",
                "/console?a=\r\nSet-Cookie:x",
                "/console#x",
                "/consoles",
                "/sign-in"
            })
    @DisplayName("5.4 Any other address is not")
    void anyOtherAddressIsNot(String address) {
        assertThat(Destination.of(address).address()).isEqualTo("/console");
        assertThat(Destination.of(address).signIn("/sign-in")).isEqualTo("/sign-in");
    }

    @Test
    void whatIsTooLongIsNotKept() {
        assertThat(Destination.of("/console?" + "a".repeat(3000)).address()).isEqualTo("/console");
    }
}
