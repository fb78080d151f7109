package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.provider.client.ClientRegistration;
import jakarta.json.Json;
import java.io.StringReader;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a provider when its server has described itself. */
class ServerMetadataTest {

    private static final String ISSUER = "https://sso.example";

    private static final Map<String, URI> ENDPOINTS = Map.of(
            "authorization", URI.create("https://sso.example/authorize"),
            "token", URI.create("https://sso.example/token"),
            "introspection", URI.create("https://sso.example/introspect"),
            "jwks", URI.create("https://sso.example/jwks"));

    @Test
    void whatTheOperatorSaysGoesBeforeWhatTheServerSays() {
        Provider named =
                provider("{\"token\": \"https://mirror.example/token\"}", "{}").withIssuer(ISSUER, false);
        assertThat(named.isToBeFound()).isTrue();

        Provider complete = server(true).complete(named);

        assertThat(complete.isToBeFound()).isFalse();
        assertThat(complete.endpoints().token()).isEqualTo(URI.create("https://mirror.example/token"));
        assertThat(complete.endpoints().authorization()).isEqualTo(URI.create("https://sso.example/authorize"));
        assertThat(complete.endpoints().jwks()).isEqualTo(URI.create("https://sso.example/jwks"));
        assertThat(complete.issuer()).isEqualTo(ISSUER);
    }

    @Test
    void aServerWhoseEndpointsAreNamedIsNotAsked() {
        assertThat(provider("{\"authorization\": \"https://a.example/a\", \"token\": \"https://a.example/t\"}", "{}")
                        .isToBeFound())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, false, true", "false, true, true", "true, true, true", "false, false, false"})
    void thePromiseToNameTheIssuerIsTheServersOrTheOperators(boolean server, boolean operator, boolean promised) {
        assertThat(server(server)
                        .complete(provider("{}", "{}").withIssuer(ISSUER, operator))
                        .issuerPromised())
                .isEqualTo(promised);
    }

    @Test
    void idTokensMustFitWhatTheServerAnnounces() {
        Provider.IdToken plain = server(false).complete(provider("{}", "{}")).idToken();
        Provider.IdToken openId = server(false)
                .complete(provider("{}", "{\"id-token\": {\"required\": true}}"))
                .idToken();

        assertThat(plain).isEqualTo(new Provider.IdToken(null, false, true, Set.of("ES256")));
        assertThat(openId).isEqualTo(new Provider.IdToken(null, true, true, Set.of("ES256")));
    }

    /** Whoever can read the client secret at the server could sign for anybody; only a descriptor may allow that. */
    @Test
    void aServerCannotAnnounceThatTheClientSecretSigns() {
        assertThat(parse("\"id_token_signing_alg_values_supported\": [\"HS256\", \"RS256\", \"none\"]")
                        .idTokenAlgorithms())
                .containsExactly("RS256");
        assertThat(parse("\"id_token_signing_alg_values_supported\": [\"HS256\"]")
                        .idTokenAlgorithms())
                .isEmpty();
        assertThat(parse("\"issuer_is\": 1").idTokenAlgorithms()).isEqualTo(Provider.IdToken.BY_KEY);
    }

    @Test
    void withoutAnAccountEndpointTokensAreProbedByIntrospection() {
        Endpoints withAccount = provider("{}", "{}").endpoints().with(Map.of("account", "https://sso.example/me"));

        assertThat(server(false).complete(provider("{}", "{}")).probe().how()).isEqualTo(ProbeMethod.How.INTROSPECTION);
        assertThat(server(false)
                        .complete(provider("{}", "{}").with(withAccount))
                        .probe()
                        .how())
                .isEqualTo(ProbeMethod.How.ACCOUNT);
        assertThat(server(false)
                        .complete(provider("{}", "{\"probe\": {\"how\": \"verification\"}}"))
                        .probe()
                        .how())
                .isEqualTo(ProbeMethod.How.VERIFICATION);
    }

    @ParameterizedTest
    @CsvSource({
        "client_secret_basic, true, false, BASIC",
        "client_secret_post, true, false, BODY",
        "client_secret_basic client_secret_post, true, false, BASIC",
        "client_secret_basic private_key_jwt, true, true, PRIVATE_KEY_JWT",
        "client_secret_basic private_key_jwt, true, false, BASIC",
        "private_key_jwt none, false, true, PRIVATE_KEY_JWT",
        "client_secret_post, true, true, BODY",
        "client_secret_basic none, false, false, NONE",
        "tls_client_auth, true, false, BASIC",
        "tls_client_auth, false, true, PRIVATE_KEY_JWT",
        "tls_client_auth, false, false, NONE"
    })
    void theClientProvesItselfAsTheServerOffersAndWithWhatItHas(
            String offered, boolean secret, boolean key, ClientAuthentication chosen) {
        var server = new ServerMetadata(ISSUER, ENDPOINTS, false, Set.of(offered.split(" ")), Provider.IdToken.BY_KEY);

        assertThat(server.authentication(secret, key)).isEqualTo(chosen);
    }

    @Test
    void aNonceGoesAlongOnlyWhereAnIdTokenIsToCome() {
        ClientRegistration openId = TestProviders.bot(server(false).complete(provider("{}", "{}")));
        ClientRegistration plain = TestProviders.bot(provider("{}", "{}"));

        assertThat(openId.expectsIdToken(Scopes.of("openid", "mail"))).isTrue();
        assertThat(openId.expectsIdToken(Scopes.of("mail"))).isFalse();
        assertThat(plain.expectsIdToken(Scopes.of("openid"))).isFalse();
    }

    private static ServerMetadata server(boolean promises) {
        return new ServerMetadata(ISSUER, ENDPOINTS, promises, Set.of("client_secret_basic"), Set.of("ES256"));
    }

    private static ServerMetadata parse(String member) {
        try (var reader = Json.createReader(new StringReader("{\"issuer\": \"" + ISSUER
                + "\", \"authorization_endpoint\": \"https://sso.example/a\","
                + "\"token_endpoint\": \"https://sso.example/t\"," + member + "}"))) {
            return ServerMetadata.parse(ISSUER, reader.readObject());
        }
    }

    private static Provider provider(String endpoints, String more) {
        return TestProviders.of("{\"id\": \"made\", \"name\": \"Made\", \"discovery\": true, \"endpoints\": "
                + endpoints
                + ", \"authorization\": {}, \"token\": {}, \"account\": {\"id\": \"/sub\", \"name\": \"/name\"},"
                + "\"scopes\": {}" + (more.equals("{}") ? "" : "," + more.substring(1, more.length() - 1)) + "}");
    }
}
