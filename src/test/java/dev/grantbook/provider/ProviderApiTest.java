package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose token is it? Answers of Mixin's {@code /me} and of a UserInfo endpoint, and what else may come. */
@Timeout(60)
class ProviderApiTest {

    private static final Secret TOKEN = new Secret("eyJ.t0ken.x");

    private static final String MIXIN_ME = """
            {"data":{"type":"user","user_id":"773e5e77-4107-45c2-b648-8fc722ed77f5","identity_number":"37194514",\
            "phone":"","full_name":"Alice 王","biography":""}}""";

    private static final String MIXIN_DEAD_TOKEN = """
            {"error":{"status":202,"code":401,"description":"Unauthorized, maybe invalid token."}}""";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    private final ProviderApi api = new ProviderApi();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        api.http = TestHttp.with(configuration.settings());
    }

    @Test
    void readsMixinsEnvelope() {
        try (var server = Loopback.json(200, MIXIN_ME)) {
            assertThat(ask("mixin", server.address()))
                    .isEqualTo(new Account("773e5e77-4107-45c2-b648-8fc722ed77f5", "Alice 王", null));
            assertThat(server.request().method()).isEqualTo("GET");
            assertThat(server.request().uri()).hasToString("/me");
            assertThat(server.request().authorization()).isEqualTo("Bearer eyJ.t0ken.x");
        }
    }

    @Test
    void readsUserInfo() {
        try (var server = Loopback.json(200, "{\"sub\":\"248289761001\",\"name\":\"Jane Doe\"}")) {
            assertThat(ask("oauth2", server.address())).isEqualTo(new Account("248289761001", "Jane Doe", null));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":42}",
                "{\"sub\":\"42\",\"name\":null}",
                "{\"sub\":42,\"name\":{}}",
                "{\"sub\":\"42\",\"name\":\"  \"}"
            })
    void aNumberIsAnIdTooAndTheNameMayBeAbsent(String body) {
        try (var server = Loopback.json(200, body)) {
            assertThat(ask("oauth2", server.address())).isEqualTo(new Account("42", null, null));
        }
    }

    @Test
    void cutsANameThatIsTooLong() {
        try (var server = Loopback.json(200, "{\"sub\":\"1\",\"name\":\"" + "x".repeat(254) + "\ud83d\ude00\"}")) {
            assertThat(ask("oauth2", server.address()).name()).isEqualTo("x".repeat(254));
        }
    }

    @ParameterizedTest
    @CsvSource({"a\\u0000b, a b", "a\\r\\n\\tb, a b", "\\ud83dA, A"})
    void makesTheNameOneLineThatEveryDatabaseKeeps(String sent, String kept) {
        try (var server = Loopback.json(200, "{\"sub\":\"1\",\"name\":\"" + sent + "\"}")) {
            assertThat(ask("oauth2", server.address()).name()).isEqualTo(kept);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"sub\":null}",
                "{\"sub\":\"\"}",
                "{\"sub\":true}",
                "{\"sub\":{\"id\":1}}",
                "{\"sub\":\"a\\u0000b\"}",
                "{\"sub\":\"a\\nb\"}",
                "{\"sub\":\"\\udc00\"}",
                "{\"data\":{\"sub\":\"1\"}}"
            })
    void refusesAReplyThatDoesNotSayWhose(String body) {
        try (var server = Loopback.json(200, body)) {
            assertThat(failure("oauth2", server.address(), TOKEN))
                    .returns(FailureKind.MALFORMED, ProviderException::kind)
                    .hasMessage("the provider did not say whose token it is");
        }
    }

    @Test
    void refusesAnIdThatIsTooLong() {
        try (var server = Loopback.json(200, "{\"sub\":\"" + "1".repeat(256) + "\"}")) {
            assertThat(failure("oauth2", server.address(), TOKEN).kind()).isEqualTo(FailureKind.MALFORMED);
        }
    }

    @ParameterizedTest
    @CsvSource({"200, alive", "401, dead", "403, scope_missing", "429, rate_limited"})
    void probesAreCountedByWhatTheyFindOut(int status, String outcome) {
        try (var server = Loopback.json(status, "{\"sub\":\"1\"}")) {
            api.probe(TestProviders.bot(TestProviders.at(server.address(), "oauth2")), TOKEN);

            assertThat(counts.of("probes", "provider", "oauth2", "outcome", outcome))
                    .isEqualTo(1);
        }
    }

    @Test
    void aProbeThatSaysNothingIsCountedToo() {
        try (var server = Loopback.json(503, "")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));

            assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> api.probe(bot, TOKEN));
            assertThat(counts.of("probes", "provider", "oauth2", "outcome", "unknown"))
                    .isEqualTo(1);
        }
    }

    @Test
    void mixinsErrorInsideHttp202IsARefusal() {
        try (var server = Loopback.json(202, MIXIN_DEAD_TOKEN)) {
            assertThat(failure("mixin", server.address(), TOKEN))
                    .returns(FailureKind.REFUSED, ProviderException::kind)
                    .hasMessage("the account endpoint says 401: Unauthorized, maybe invalid token.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, {}, REFUSED",
        "403, {}, REFUSED",
        "500, {}, UNREACHABLE",
        "502, <html>, UNREACHABLE",
        "200, <html>, MALFORMED",
        "302, '', MALFORMED"
    })
    void tellsARefusalFromTrouble(int status, String body, FailureKind kind) {
        try (var server = Loopback.json(status, body)) {
            assertThat(failure("oauth2", server.address(), TOKEN).kind()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "oauth2   | 429 | {}                                     ",
                "oauth2   | 429 | {\"error\":\"slow_down\"}          ",
                "oauth2   | 429 | <html>                                 ",
                "slack    | 200 | {\"ok\":false,\"error\":\"ratelimited\"}",
                "mixin    | 202 | {\"error\":{\"code\":429}}         ",
                "facebook | 400 | {\"error\":{\"code\":4}}           "
            })
    void whoeverHasHeardTooMuchIsAskedLater(String provider, int status, String body) {
        try (var server = Loopback.json(status, body)) {
            assertThat(failure(provider, server.address(), TOKEN).kind()).isEqualTo(FailureKind.UNREACHABLE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "429 | {}                            | UNREACHABLE",
                "429 | <html>                        | UNREACHABLE",
                "400 | {\"error\":{\"code\":4}}  | UNREACHABLE",
                "400 | {\"error\":{\"code\":190}}| REFUSED"
            })
    void whatIsGrantedIsAskedLaterToo(int status, String body, FailureKind kind) {
        try (var server = Loopback.json(status, body)) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "facebook"));

            assertThat(catchThrowableOfType(ProviderException.class, () -> api.permissions(bot, TOKEN))
                            .kind())
                    .isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t0ken\r\nX-Evil: 1", "t0ken\n", "t0ken\u0000", "t0ken\u4f60"})
    void doesNotSendATokenThatCannotStandInAHeader(String token) {
        try (var server = Loopback.json(200, MIXIN_ME)) {
            assertThat(failure("mixin", server.address(), new Secret(token)))
                    .returns(FailureKind.MALFORMED, ProviderException::kind)
                    .hasMessageContaining("RFC 6750")
                    .hasMessageNotContaining("t0ken")
                    .hasNoCause();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aProviderWithoutAnAccountEndpointSaysNothing() {
        Provider anonymous =
                TestProviders.catalogue(configuration.settings()).find("oauth2").orElseThrow();

        assertThat(api.account(TestProviders.bot(anonymous), TOKEN)).isEmpty();
    }

    private Account ask(String provider, URI server) {
        return api.account(TestProviders.bot(TestProviders.at(server, provider)), TOKEN)
                .orElseThrow();
    }

    private ProviderException failure(String provider, URI server, Secret token) {
        return catchThrowableOfType(
                ProviderException.class,
                () -> api.account(TestProviders.bot(TestProviders.at(server, provider)), token));
    }
}
