package dev.grantbook.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.ProxyRules;
import dev.grantbook.oauth.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFilterTest {

    /** With characters that addresses and JSON may escape. */
    private static final String TOKEN = "ab/c+d=|e.F";

    private static final List<Secret> SHOWN = List.of(new Secret(TOKEN));

    private static final ProxyRules NOTHING = new ProxyRules(List.of(), List.of(), List.of());

    private static final ProxyRules FACEBOOK =
            new ProxyRules(List.of(), List.of("access_token"), List.of("EAA", "xox"));

    private static final String EAA = "EAA" + "Bz0".repeat(20);

    /** The token as it may stand in a reply. */
    static final List<String> WRITTEN = List.of(
            TOKEN,
            "ab%2Fc%2Bd%3D%7Ce.F",
            "ab%2fc%2bd%3d%7ce.F",
            "ab%252Fc%252Bd%253D%257Ce.F",
            "ab%25252Fc+d=|e.F",
            "ab\\/c+d=|e.F",
            "ab\\\\/c+d=|e.F",
            "ab\\u002fc\\u002Bd\\u003d|e.F",
            "ab\\\\u002fc+d=|e.F",
            "ab&#47;c&#x2B;d&#61;|e.F",
            escaped("%%%02x"),
            escaped("\\u%04x"));

    private static String escaped(String form) {
        return TOKEN.chars().mapToObj(form::formatted).collect(Collectors.joining());
    }

    @ParameterizedTest
    @DisplayName("3.4 The token of the call never goes through, however it is escaped and wherever the reply is cut")
    @FieldSource("WRITTEN")
    void theTokenNeverGoesThrough(String written) throws IOException {
        String reply = "x{\"a\":\"" + written + "\"}y";
        for (int cut = 0; cut <= reply.length(); cut++) {
            assertThat(filtered(reply, cut, NOTHING)).as("cut at " + cut).isEqualTo("x{\"a\":\"redacted\"}y");
        }
        assertThat(bytewise(reply + reply, NOTHING)).isEqualTo("x{\"a\":\"redacted\"}y".repeat(2));
    }

    @ParameterizedTest
    @DisplayName("3.4 A token that the provider names goes through nowhere")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"access_token\":\"page-1\",\"id\":\"2\"}                   | {\"access_token\":\"redacted\",\"id\":\"2\"}",
                "{\"access_token\" : \"p \u00e4 {}\" }                        | {\"access_token\" : \"redacted\" }",
                "{\"access\\u005ftoken\":\"page-1\"}                          | {\"access\\u005ftoken\":\"redacted\"}",
                "{\"b\":\"{\\\"access_token\\\":\\\"page-1\\\",\\\"c\\\":1}\"} | {\"b\":\"{\\\"access_token\\\":\\\"redacted\\\",\\\"c\\\":1}\"}",
                "\"https:\\/\\/g\\/a?access_token=pa-1&after=2\"               | \"https:\\/\\/g\\/a?access_token=redacted&after=2\"",
                "\"https://g/a?x\\u0026access_token=pa\\u002d1\\u0026after=2\" | \"https://g/a?x\\u0026access_token=redacted\\u0026after=2\"",
                "<https://g/a?access_token=pa-1>; rel=\"next\"                 | <https://g/a?access_token=redacted>; rel=\"next\"",
                "next=https%3A%2F%2Fg%3Faccess_token%3Dpa-1%26after%3D2        | next=https%3A%2F%2Fg%3Faccess_token%3Dredacted%26after%3D2",
                "access_token=pa-1                                             | access_token=redacted"
            })
    void aNamedTokenGoesThroughNowhere(String reply, String redacted) throws IOException {
        for (int cut = 0; cut <= reply.length(); cut++) {
            assertThat(filtered(reply, cut, FACEBOOK)).as("cut at " + cut).isEqualTo(redacted);
        }
        assertThat(bytewise(reply, FACEBOOK)).isEqualTo(redacted);
    }

    @Test
    @DisplayName("3.4 A token is known by its beginning under any name")
    void aTokenIsKnownByItsBeginning() throws IOException {
        String reply = "[{\"x\":\"" + EAA + "\"},\"%45AA" + "z".repeat(30) + "%7Cz\"]";
        for (int cut = 0; cut <= reply.length(); cut++) {
            assertThat(filtered(reply, cut, FACEBOOK)).isEqualTo("[{\"x\":\"redacted\"},\"redacted\"]");
        }
    }

    @ParameterizedTest
    @DisplayName("3.4 A control character that is escaped ends a word, and hides no token behind it")
    @ValueSource(strings = {"\\n", "\\t", "\\r", "\\b", "\\f", "\\\\n"})
    void anEscapedControlCharacterEndsAWord(String escaped) throws IOException {
        String reply = "{\"a\":\"a" + escaped + EAA + "\",\"b\":\"a" + escaped + "access_token="
                + "pa-1\",\"access_token\":\"p" + escaped + "1\",\"c\":\"" + escaped + "x\"}";
        String redacted = "{\"a\":\"a" + escaped + "redacted\",\"b\":\"a" + escaped + "access_token="
                + "redacted\",\"access_token\":\"redacted\",\"c\":\"" + escaped + "x\"}";
        for (int cut = 0; cut <= reply.length(); cut++) {
            assertThat(filtered(reply, cut, FACEBOOK)).as("cut at " + cut).isEqualTo(redacted);
        }
        assertThat(bytewise(reply, FACEBOOK)).isEqualTo(redacted);
    }

    @Test
    @DisplayName(
            "3.4 The token of the call is found behind a backslash too, also where its first letter would be escaped")
    void aTokenBehindABackslashIsFound() throws IOException {
        List<Secret> shown = List.of(new Secret("nb12345678"));
        byte[] reply = "\\nb12345678 \\\\nb12345678 \\nb1".getBytes(UTF_8);
        for (int cut = -1; cut <= reply.length; cut++) {
            assertThat(TokenFilter.of(new Pieces(reply, cut), shown, NOTHING).readAllBytes())
                    .as("cut at " + cut)
                    .asString(UTF_8)
                    .isEqualTo("\\redacted \\\\redacted \\nb1");
        }
    }

    @ParameterizedTest
    @DisplayName("3.4 White space behind the name of a token is not held back until it ends")
    @ValueSource(strings = {"access_token", "\"access_token\"", "access_token=", "\"access_token\":", "access_token ="})
    void whiteSpaceIsNotHeldBackUntilItEnds(String name) throws IOException {
        String reply = name + " ".repeat(100_000) + "x";
        var in = new Pieces(reply.getBytes(UTF_8), -1);
        InputStream filtered = TokenFilter.of(in, SHOWN, FACEBOOK);

        assertThat(filtered.readNBytes(2)).isEqualTo(reply.substring(0, 2).getBytes(UTF_8));
        assertThat(reply.length() - in.available())
                .as("bytes read for the first two")
                .isLessThan(200);
        assertThat(new String(filtered.readAllBytes(), UTF_8)).isEqualTo(reply.substring(2));
    }

    @Test
    @DisplayName("3.4 A token behind as much white space as people write is found")
    void aTokenBehindWhiteSpaceIsFound() {
        String wide = "\n" + "\t".repeat(31) + " ".repeat(30);

        assertThat(TokenFilter.redact("{\"access_token\"" + wide + ":" + wide + "\"page-1\"}", SHOWN, FACEBOOK))
                .isEqualTo("{\"access_token\"" + wide + ":" + wide + "\"redacted\"}");
    }

    @ParameterizedTest
    @DisplayName("3.4 What is no token goes through as it is")
    @ValueSource(
            strings = {
                "",
                "ab/c+d=|e.G and ab/c+d=|e.",
                "100 % \\ & %2 \\u12 &#x; \\u00zz %zz",
                "{\"fields\":[\"access_token\"],\"access_token\":null,\"access_tokens\":\"x\",\"my_access_token\":\"x\"}",
                "access_token is missing; access_token=&x",
                "EAAshort EAA",
                "\\\\\\\\\\\\\\\\\\\\\\\\\\\\",
                "%25%25%25252525252525",
                "&#12345678901234567890;",
                "你好 \u0000 \n"
            })
    void whatIsNoTokenGoesThrough(String reply) throws IOException {
        for (int cut = 0; cut <= reply.length(); cut++) {
            assertThat(filtered(reply, cut, FACEBOOK)).isEqualTo(reply);
        }
        assertThat(bytewise(reply, FACEBOOK)).isEqualTo(reply);
    }

    @Test
    @DisplayName("3.4 What cannot be part of a token is not held back")
    void whatIsReadIsGivenOnAtOnce() throws IOException {
        byte[] first = "data: {\"a\":1}\n\n".getBytes(UTF_8);
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (at > 0) {
                    throw new IOException("nothing more comes yet");
                }
                at = first.length;
                System.arraycopy(first, 0, target, offset, at);
                return at;
            }
        };

        InputStream filtered = TokenFilter.of(endless, SHOWN, FACEBOOK);

        assertThat(filtered.readNBytes(first.length)).isEqualTo(first);
    }

    @Test
    @DisplayName("3.4 A token that is longer than any piece is found")
    void aLongTokenIsFound() throws IOException {
        String token =
                IntStream.range(0, 40_000).mapToObj(i -> String.valueOf(i % 7)).collect(Collectors.joining());
        String reply = "a" + token + "b" + token.substring(1);

        assertThat(TokenFilter.redact(reply, List.of(new Secret(token)), NOTHING))
                .isEqualTo("aredactedb" + token.substring(1));
    }

    private static String filtered(String reply, int cut, ProxyRules rules) throws IOException {
        byte[] bytes = reply.getBytes(UTF_8);
        int at = Math.min(cut, bytes.length);
        return new String(TokenFilter.of(new Pieces(bytes, at), SHOWN, rules).readAllBytes(), UTF_8);
    }

    private static String bytewise(String reply, ProxyRules rules) throws IOException {
        return new String(
                TokenFilter.of(new Pieces(reply.getBytes(UTF_8), -1), SHOWN, rules)
                        .readAllBytes(),
                UTF_8);
    }

    /** Comes in two pieces, or byte by byte. */
    private static final class Pieces extends ByteArrayInputStream {

        private final int cut;

        Pieces(byte[] bytes, int cut) {
            super(bytes);
            this.cut = cut;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            int most = cut < 0 ? 1 : pos < cut ? cut - pos : length;
            return super.read(target, offset, Math.min(most, length));
        }
    }
}
