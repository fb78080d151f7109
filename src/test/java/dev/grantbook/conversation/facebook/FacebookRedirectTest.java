package dev.grantbook.conversation.facebook;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A code of ours goes to Facebook and to nobody else. */
class FacebookRedirectTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://facebook.com/messenger_platform/account_linking/?account_linking_token=ARQ1",
                "https://www.facebook.com/messenger_platform/account_linking/?account_linking_token=ARQ1",
                "https://m.facebook.com/x?account_linking_token=A%2BB",
                "https://www.messenger.com/x",
                "https://messenger.com/x",
                "https://www.facebook.com:443/x",
                "HTTPS://WWW.Facebook.COM/x",
                "https://web.facebook.com/x",
                "https://a.b.messenger.com/x"
            })
    void mayGoToFacebook(String address) {
        assertThat(FacebookRedirect.parse(address, false)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//facebook.com/x",
                "/\\facebook.com",
                "https:facebook.com",
                "https:/facebook.com/x",
                "https:///facebook.com/x",
                "http://www.facebook.com/x",
                "https://www.facebook.com:8443/x",
                "https://facebook.com.evil.example/x",
                "https://evil.example/facebook.com",
                "https://evilfacebook.com/x",
                "https://evil-facebook.com/x",
                "https://facebook.com@evil.example/x",
                "https://evil.example\\@facebook.com/x",
                "https://evil.example#@facebook.com/x",
                "https://user@www.facebook.com/x",
                "https://www.facebook.com./x",
                "https://www.facebook.com%2eevil.example/x",
                "https://.facebook.com/x",
                "https://-.facebook.com/x",
                "https://www.facebook.co/x",
                "https://www.faceb\u043e\u043ek.com/x",
                "https://www.facebook.com\u3002evil.example/x",
                "https://www.facebook.com/x\r\nLocation: https://evil.example",
                "https://www.facebook.com/\tx",
                "https://www.facebook.com/x y",
                "javascript://www.facebook.com/%0aalert(1)",
                "ftp://www.facebook.com/x",
                "http://localhost:8080/x",
                "https://localhost/x",
                "https://[::1]/x"
            })
    void mayGoNowhereElse(String address) {
        assertThat(FacebookRedirect.parse(address, false)).isEmpty();
    }

    @Test
    void mustBeThere() {
        assertThat(FacebookRedirect.parse(null, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080/messenger", "http://127.0.0.1/x", "http://[::1]:80/x"})
    void mayGoToThisMachineWhileMessengerIsPlayedThere(String address) {
        assertThat(FacebookRedirect.parse(address, true)).isPresent();
        assertThat(FacebookRedirect.parse(address, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost.evil.example/x", "http://192.168.0.1/x", "http://evil.example/x"})
    void goesNowhereElseInTheSandboxEither(String address) {
        assertThat(FacebookRedirect.parse(address, true)).isEmpty();
    }

    @Property
    void neverThrowsAndNeverLeavesFacebook(
            @ForAll @Chars({'/', '\\', ':', '@', '.', '%', '2', 'e', '#', '?', ';', '\t', ' ', 'h', '\u3002'})
                    String text) {
        assertThat(FacebookRedirect.parse(text, false)).isEmpty();
        assertThat(FacebookRedirect.parse("https://evil.example" + text, false)).isEmpty();
        FacebookRedirect.parse("https://www.facebook.com" + text, false)
                .ifPresent(found -> assertThat(found.address().getHost()).endsWith(".facebook.com"));
    }
}
