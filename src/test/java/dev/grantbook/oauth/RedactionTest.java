package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a peer writes our secrets, and however much of them, no part that is worth anything is left. */
class RedactionTest {

    private static final String SECRET = "Zx9+kQ/w3=R~7b.Lm2 &%uV8:ncä_Y-4tHdE5sJ0";

    static Stream<Arguments> writings() {
        UnaryOperator<String> form = text -> URLEncoder.encode(text, StandardCharsets.UTF_8);
        UnaryOperator<String> percent = text -> form.apply(text).replace("+", "%20");
        UnaryOperator<String> basic = text ->
                Base64.getEncoder().encodeToString(("bot:" + form.apply(text)).getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                arguments("in clear", UnaryOperator.<String>identity()),
                arguments("in capitals", (UnaryOperator<String>) text -> text.toUpperCase(Locale.ROOT)),
                arguments("form-encoded", form),
                arguments("percent-encoded", percent),
                arguments("percent-encoded in small letters", (UnaryOperator<String>)
                        text -> percent.apply(text).toLowerCase(Locale.ROOT)),
                arguments("encoded twice", (UnaryOperator<String>) text -> form.apply(percent.apply(text))),
                arguments("as the credentials of HTTP Basic", basic),
                arguments("as credentials that are not encoded first", (UnaryOperator<String>)
                        text -> Base64.getEncoder().encodeToString(("id:" + text).getBytes(StandardCharsets.UTF_8))),
                arguments("in base64url", (UnaryOperator<String>)
                        text -> Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest(name = "4.2 A secret that a peer quotes {0} is removed, whole or cut")
    @MethodSource("writings")
    void noPartIsLeft(String how, UnaryOperator<String> writing) {
        String written = writing.apply(SECRET);
        Redaction redaction = Redaction.of(new Secret(SECRET));

        // What stands in front in base64 is the client's id.
        String own = how.contains("redentials") ? written.substring(8) : written;
        for (int end = 24; end <= written.length(); end++) {
            String left = redaction.in("token=" + written.substring(0, end) + "\" is not known");
            assertThat(windows(own)).as("%s, cut at %d: %s", how, end, left).noneMatch(left::contains);
            assertThat(left).startsWith("token=").endsWith("is not known").contains("***");
        }
    }

    @Test
    @DisplayName("4.2 Redacting comes before cutting: what the cut leaves holds no part of a secret")
    void redactsBeforeItCuts() {
        String secret = "q7Xk2".repeat(8);
        for (int before = 150; before < 210; before++) {
            String text = ".".repeat(before) + secret;
            String printed = OAuthError.of(text, text).redact(Redaction.of(new Secret(secret)));
            assertThat(windows(secret)).noneMatch(printed::contains);
        }
    }

    @Test
    @DisplayName("4.2 The error's code is redacted like its description")
    void theCodeToo() {
        String printed = OAuthError.of("bad_token:s3cr3t-of-12", "no s3cr3t-of-12")
                .redact(Redaction.of(List.of("s3cr3t-of-12")));

        assertThat(printed).isEqualTo("bad_token:***: no ***");
    }

    @Test
    @DisplayName("4.2 An error that is printed by mistake shows nothing")
    void anUnredactedErrorIsNotPrinted() {
        assertThat(OAuthError.of("invalid_grant", "c0de").toString()).isEqualTo("[error]");
    }

    @Test
    @DisplayName("4.2 What only chance makes is removed though nobody named it")
    void whatChanceMadeIsRemoved() {
        String nonce = "NfCkBEODrNBxNx3UIpJbiHNCfK4QF1oYM38anV34rtw";

        assertThat(OAuthError.of("x", "nonce " + nonce + " is old").redact(Redaction.NONE))
                .isEqualTo("x: nonce *** is old");
    }

    @Test
    void shortSecretsGoWholeAndWordsStay() {
        Redaction redaction = Redaction.of(List.of("c0de", "x"));

        assertThat(redaction.in("the code c0de, xxx")).isEqualTo("the code ***, xxx");
        assertThat(redaction.in("c0d")).isEqualTo("c0d");
    }

    @Test
    void whatHasNoSecretStaysAsItIs() {
        String text = "invalid_grant: AADSTS70000, trace 3f2504e0-4f89-11d3-9a0c-0305e82c3301";

        assertThat(Redaction.of(new Secret(SECRET)).in(text)).isEqualTo(text);
        assertThat(OAuthError.of("invalid_grant", text).redact(Redaction.NONE)).contains(text);
    }

    private static List<String> windows(String secret) {
        return IntStream.rangeClosed(0, secret.length() - 12)
                .mapToObj(at -> secret.substring(at, at + 12))
                .toList();
    }
}
