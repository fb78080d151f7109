package dev.grantbook.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityHeadersTest {

    private static final String POLICY = "Content-Security-Policy";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/connect/x",
                "/outcome/x",
                "/permissions",
                "/sign-in",
                "/console",
                "/api/v1/access",
                "/oauth/start",
                "/assets/grantbook.css",
                "/nothing"
            })
    void everyReplyIsFencedIn(String address) {
        var headers = SecurityHeaders.headers(address, true);
        assertThat(headers)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsKey("Strict-Transport-Security");
        assertThat(headers.get(POLICY))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/connect/x", "/outcome/x", "/channels/facebook/x", "/sandbox/at/mixin/oauth/authorize"})
    void aFormThatEndsAtAProviderIsNotHeldBack(String address) {
        assertThat(SecurityHeaders.headers(address, false).get(POLICY)).doesNotContain("form-action");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/permissions", "/console", "/sign-in", "/nothing", "/connect", "/connected/x"})
    void otherFormsStayHere(String address) {
        assertThat(SecurityHeaders.headers(address, false).get(POLICY)).contains("form-action 'self'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/linked/x", "/sandbox/web-chat"})
    void pagesThatTalkToAnotherTabRunOurOwnFiles(String address) {
        assertThat(SecurityHeaders.headers(address, false).get(POLICY))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/connect/x", "/outcome/x", "/permissions", "/sandbox/chat", "/linked", "/nothing"})
    void otherPagesRunNoScript(String address) {
        assertThat(SecurityHeaders.headers(address, false).get(POLICY)).doesNotContain("script-src");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/connect/x",
                "/oauth/start",
                "/oauth/callback/x",
                "/outcome/x",
                "/channels/end/x",
                "/linked/x",
                "/authorize",
                "/sandbox/web-chat"
            })
    void aTripThatAChatOpenedKeepsItsOpener(String address) {
        assertThat(SecurityHeaders.headers(address, false)).containsEntry("Cross-Origin-Opener-Policy", "unsafe-none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/permissions", "/console", "/sign-in", "/api/v1/access", "/authorized"})
    void otherPagesCutThemselvesOff(String address) {
        assertThat(SecurityHeaders.headers(address, false)).containsEntry("Cross-Origin-Opener-Policy", "same-origin");
    }

    @Test
    void onlyAssetsAreKept() {
        assertThat(SecurityHeaders.headers("/assets/grantbook.css", false).get("Cache-Control"))
                .contains("max-age=", "must-revalidate");
        assertThat(SecurityHeaders.headers("/assets", false)).containsEntry("Cache-Control", "no-store");
        assertThat(SecurityHeaders.headers("/outcome/x", false)).containsEntry("Cache-Control", "no-store");
    }

    @Test
    void searchEnginesSeeTheStartPageOnly() {
        assertThat(SecurityHeaders.headers("/", false)).doesNotContainKey("X-Robots-Tag");
        assertThat(SecurityHeaders.headers("/connect/x", false)).containsEntry("X-Robots-Tag", "noindex");
    }

    @Test
    void plainHttpPromisesNothing() {
        assertThat(SecurityHeaders.headers("/", false)).doesNotContainKey("Strict-Transport-Security");
    }
}
