package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.IdTokens.Expected;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ID tokens are believed, and why all others are not. */
class IdTokensTest {

    private static final String ISSUER = "https://sso.example/realm";
    private static final String CLIENT = "bot-1";
    private static final Secret NONCE = new Secret("n0nce");
    private static final Secret CLIENT_SECRET = new Secret("0123456789abcdef0123456789abcdef");
    private static final String TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final IdTokens idTokens = new IdTokens();
    private final AtomicReference<String> published = new AtomicReference<>(TestKeys.published(TestKeys.RSA));
    private final Loopback keys = Loopback.answering(exchange -> {
        byte[] body = String.valueOf(published.get()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    });

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        var keySets = new KeySets();
        keySets.http = TestHttp.with(configuration.settings());
        keySets.clock = clock;
        idTokens.keySets = keySets;
        idTokens.settings = configuration.settings();
        idTokens.clock = clock;
    }

    @AfterEach
    void stop() {
        keys.close();
    }

    // What is believed

    @Test
    void aSoundTokenTellsItsClaims() {
        JsonObject claims = read(signed(claims().add("name", "Ann").build()));

        assertThat(claims.getString("sub")).isEqualTo("ann");
        assertThat(claims.getString("name")).isEqualTo("Ann");
    }

    static Stream<Arguments> signatures() {
        return Stream.of(
                arguments("RS256", TestKeys.RSA),
                arguments("RS512", TestKeys.RSA),
                arguments("PS256", TestKeys.RSA),
                arguments("ES256", TestKeys.EC),
                arguments("EdDSA", TestKeys.ED));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void everyUsualSignatureIsUnderstood(String algorithm, JWK key) {
        published.set(TestKeys.published(TestKeys.OTHER_RSA, key));

        assertThat(read(TestKeys.signed(algorithm, key, claims().build()))).containsKey("sub");
    }

    @Test
    void aKeyWithoutANameIsFoundByItsKind() {
        RSAKey nameless = new RSAKey.Builder(TestKeys.RSA).keyID(null).build();
        published.set(TestKeys.published(TestKeys.EC, TestKeys.OTHER_RSA, nameless));

        assertThat(read(TestKeys.signed("RS256", nameless, claims().build()))).containsKey("sub");
    }

    @Test
    void severalAudiencesAreFineWhenWeAreTheAuthorizedOne() {
        JsonArray both = Json.createArrayBuilder().add("api").add(CLIENT).build();

        assertThat(read(signed(claims().add("aud", both).add("azp", CLIENT).build())))
                .containsKey("sub");
    }

    @Test
    void theClocksMayBeAMinuteApart() {
        long now = clock.instant().getEpochSecond();

        assertThat(read(signed(claims().add("exp", now - 59).build()))).containsKey("sub");
        assertThat(read(signed(
                        claims().add("iat", now + 60).add("nbf", now + 60).build())))
                .containsKey("sub");
    }

    @Test
    void theNonceDoesNotMatterWhereNoneWasSent() {
        JsonObject claims = idTokens.claims(
                signed(without("nonce")), expected(ISSUER, Provider.IdToken.BY_KEY, CLIENT_SECRET, false));

        assertThat(claims).containsKey("sub");
    }

    @Test
    void aProviderThatForgetsTheNonceMayLeaveItOutButNotChangeIt() {
        Expected sent = expected(ISSUER, Provider.IdToken.BY_KEY, CLIENT_SECRET, true);
        var forgetful =
                new Expected(sent.issuer(), CLIENT, sent.algorithms(), sent.keys(), CLIENT_SECRET, false, sent.nonce());

        assertThat(idTokens.claims(signed(without("nonce")), forgetful)).containsKey("sub");
        assertThat(idTokens.claims(signed(claims().build()), forgetful)).containsKey("sub");
        assertThat(failure(signed(claims().add("nonce", "other").build()), forgetful))
                .hasMessageContaining("nonce is not the one of this attempt");
        assertThat(failure(signed(claims().add("nonce", JsonValue.NULL).build()), forgetful))
                .hasMessageContaining("nonce is not the one of this attempt");
    }

    @Test
    void aClientSecretIsTheKeyWhereTheProviderIsDeclaredSo() {
        Secret token = TestKeys.signed("HS256", CLIENT_SECRET, claims().build());

        assertThat(idTokens.claims(token, expected(ISSUER, Set.of("HS256"), CLIENT_SECRET, true)))
                .containsKey("sub");
        assertThat(keys.requests()).isEmpty();
    }

    @Test
    void theIssuerMayHoldTheTenant() {
        String template = "https://login.example/" + IdTokens.TENANT + "/v2.0";
        JsonObjectBuilder claims = claims().add("iss", "https://login.example/" + TENANT + "/v2.0");

        assertThat(idTokens.claims(
                        signed(claims.add("tid", TENANT).build()),
                        expected(template, Provider.IdToken.BY_KEY, CLIENT_SECRET, true)))
                .containsKey("sub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "8eaef023-2b34-4da1-9baa-8bc8c9d6a491", "evil.example/8eaef023"})
    void anotherTenantIsAnotherIssuer(String tenant) {
        String template = "https://login.example/" + IdTokens.TENANT + "/v2.0";
        JsonObject claims = claims().add("iss", "https://login.example/" + TENANT + "/v2.0")
                .add("tid", tenant)
                .build();

        assertThat(failure(signed(claims), expected(template, Provider.IdToken.BY_KEY, CLIENT_SECRET, true)))
                .hasMessageMatching(".*(tid is not a tenant|iss is another server's)");
    }

    // What is not

    static Stream<Arguments> claimsThatDoNotFit() {
        long now = new TestClock().instant().getEpochSecond();
        return Stream.of(
                arguments(claims().add("iss", ISSUER + "/").build(), "iss is another server's"),
                arguments(claims().add("iss", "https://evil.example").build(), "iss is another server's"),
                arguments(claims().add("iss", 7).build(), "iss is another server's"),
                arguments(without("iss"), "iss is another server's"),
                arguments(claims().add("aud", "other").build(), "aud is not this client"),
                arguments(claims().add("aud", CLIENT + " ").build(), "aud is not this client"),
                arguments(claims().add("aud", JsonValue.EMPTY_JSON_ARRAY).build(), "aud is not this client"),
                arguments(without("aud"), "aud is not this client"),
                arguments(claims().add("aud", audiences(CLIENT, "api")).build(), "azp is not this client"),
                arguments(
                        claims().add("aud", audiences(CLIENT, "api"))
                                .add("azp", "api")
                                .build(),
                        "azp is not this client"),
                arguments(claims().add("azp", "api").build(), "azp is not this client"),
                arguments(claims().add("azp", JsonValue.NULL).build(), "azp is not this client"),
                arguments(claims().add("exp", now - 60).build(), "it has expired"),
                arguments(claims().add("exp", "soon").build(), "exp is no time"),
                arguments(without("exp"), "exp is no time"),
                arguments(claims().add("iat", now + 61).build(), "it was issued in the future"),
                arguments(without("iat"), "iat is no time"),
                arguments(claims().add("nbf", now + 61).build(), "it is not valid yet"),
                arguments(claims().add("nonce", "other").build(), "nonce is not the one of this attempt"),
                arguments(claims().add("nonce", "").build(), "nonce is not the one of this attempt"),
                arguments(without("nonce"), "nonce is not the one of this attempt"),
                arguments(claims().add("sub", "").build(), "sub is missing"),
                arguments(without("sub"), "sub is missing"));
    }

    @ParameterizedTest
    @MethodSource("claimsThatDoNotFit")
    void claimsThatDoNotFitAreRefused(JsonObject claims, String why) {
        assertThat(failure(signed(claims)))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessage("the ID token cannot be believed: " + why);
    }

    @Test
    void aTokenWithoutASignatureIsRefused() {
        String header = base64("{\"alg\":\"none\"}");
        String payload = base64(claims().build().toString());

        assertThat(failure(new Secret(header + "." + payload + "."))).hasMessageContaining("it is not signed");
        assertThat(keys.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b", "a.b.c", "e30.e30.", "....", "eyJhbGciOiJSUzI1NiJ9..x"})
    void whatIsNoTokenIsRefused(String text) {
        assertThat(failure(new Secret(text)))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessageStartingWith("the ID token cannot be believed: ")
                .hasMessageNotContaining(text + ":");
    }

    @Test
    void anotherKeyOfTheSameNameIsRefused() {
        RSAKey forger = TestKeys.rsa(TestKeys.RSA.getKeyID());

        assertThat(failure(TestKeys.signed("RS256", forger, claims().build())))
                .hasMessageContaining("its signature does not fit any key");
    }

    @Test
    void aChangedClaimBreaksTheSignature() {
        String[] parts = signed(claims().build()).value().split("\\.", -1);
        String changed = base64(claims().add("sub", "bob").build().toString());

        assertThat(failure(new Secret(parts[0] + "." + changed + "." + parts[2])))
                .hasMessageContaining("its signature does not fit any key");
    }

    /** The classic confusion: the public key, which anybody can read, used as a shared secret. */
    @Test
    void aPublicKeyIsNoSecret() {
        Secret publicKey = new Secret(TestKeys.published(TestKeys.RSA));

        assertThat(failure(TestKeys.signed("HS256", publicKey, claims().build())))
                .hasMessageContaining("in a way that this provider does not use");
    }

    @Test
    void aSecretIsNoKeyUnlessDeclared() {
        assertThat(failure(TestKeys.signed("HS256", CLIENT_SECRET, claims().build())))
                .hasMessageContaining("in a way that this provider does not use");
    }

    @Test
    void aSecretThatIsTooShortOrAbsentFitsNothing() {
        Secret token = TestKeys.signed("HS256", CLIENT_SECRET, claims().build());

        assertThat(failure(token, expected(ISSUER, IdTokens.BY_SECRET, new Secret("short"), true)))
                .hasMessageContaining("the client secret cannot be the key");
        assertThat(failure(token, expected(ISSUER, IdTokens.BY_SECRET, null, true)))
                .hasMessageContaining("does not fit any key");
    }

    @Test
    void anAlgorithmThatTheServerDoesNotNameIsRefused() {
        assertThat(failure(signed(claims().build()), expected(ISSUER, Set.of("ES256"), CLIENT_SECRET, true)))
                .hasMessageContaining("in a way that this provider does not use");
    }

    @Test
    void aKeyForEncryptionDoesNotSign() {
        RSAKey encrypts =
                new RSAKey.Builder(TestKeys.RSA).keyUse(KeyUse.ENCRYPTION).build();
        published.set(TestKeys.published(encrypts));

        assertThat(failure(signed(claims().build()))).hasMessageContaining("does not fit any key");
    }

    // Whether there is to be one

    @Test
    void aProviderThatSendsNoneIsNotListenedTo() {
        assertThat(told("", signed(claims().add("iss", "x").build()))).isEmpty();
        assertThat(told("\"id-token\": {},", null)).isEmpty();
    }

    @Test
    void aReplyWithoutOneIsRefusedWhereItIsDemanded() {
        assertThat(catchThrowableOfType(
                        ProviderException.class, () -> told("\"id-token\": {\"required\": true},", null)))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessage("the token endpoint's reply has no id_token");
    }

    @Test
    void theConnectorsIssuerGoesBeforeTheDescriptors() {
        String trait = "\"id-token\": {\"issuer\": \"https://descriptor.example\"},";

        assertThat(idTokens.claims(client(trait, ISSUER), reply(signed(claims().build())), NONCE::equals))
                .isPresent();
        assertThat(told(
                        trait,
                        signed(claims().add("iss", "https://descriptor.example").build())))
                .isPresent();
    }

    @Test
    void withoutAnIssuerNoneCanBeBelieved() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> told("\"id-token\": {},", signed(claims().build())))
                .withMessageContaining("must name the issuer");
    }

    @Test
    void theAccountEndpointMustSpeakOfTheSameUser() {
        Provider standard = client("", null).provider();
        Provider other = TestProviders.of(descriptor("").replace("/sub", "/userId"));
        JsonObject claims = claims().build();

        assertThatCode(() -> IdTokens.checkSubject(standard, claims, new Account("ann", null, null)))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> IdTokens.checkSubject(standard, claims, new Account("bob", null, null)))
                .withMessageContaining("another user");
        assertThatCode(() -> IdTokens.checkSubject(other, claims, new Account("7", null, null)))
                .as("its id is not the subject")
                .doesNotThrowAnyException();
    }

    @Test
    void theClaimsTellTheAccount() {
        JsonObject claims = claims().add("name", "Ann").build();

        assertThat(ProviderHttp.account(client("", null).provider(), claims))
                .isEqualTo(new Account("ann", "Ann", null));
    }

    private Optional<JsonObject> told(String trait, @Nullable Secret idToken) {
        return idTokens.claims(client(trait, null), reply(idToken), NONCE::equals);
    }

    private static TokenResponse reply(@Nullable Secret idToken) {
        return new TokenResponse(new Secret("t"), "Bearer", null, null, null, idToken);
    }

    private ClientRegistration client(String trait, @Nullable String issuer) {
        return new ClientRegistration(
                TestProviders.of(descriptor(trait)).withIssuer(issuer, false),
                CLIENT,
                CLIENT_SECRET,
                null,
                ClientAuthentication.BASIC,
                TestProviders.CALLBACK,
                Map.of(),
                Map.of());
    }

    private String descriptor(String trait) {
        return "{\"id\": \"made\", \"name\": \"Made\", \"endpoints\": {\"jwks\": \"" + keys.address()
                + "/jwks\"}, \"authorization\": {}, \"token\": {}," + trait
                + "\"account\": {\"id\": \"/sub\", \"name\": \"/name\"}, \"scopes\": {}}";
    }

    // The provider's keys

    @Test
    void keysAreReadOnceAnHour() {
        read(signed(claims().build()));
        read(signed(claims().build()));
        assertThat(keys.requests()).hasSize(1);

        clock.advance(Duration.ofHours(1));
        read(signed(claims().build()));
        assertThat(keys.requests()).hasSize(2);
    }

    @Test
    void aNewKeyIsFetchedWhenItIsFirstUsed() {
        read(signed(claims().build()));
        published.set(TestKeys.published(TestKeys.OTHER_RSA));

        assertThat(read(TestKeys.signed("RS256", TestKeys.OTHER_RSA, claims().build())))
                .containsKey("sub");
        assertThat(keys.requests()).hasSize(2);
    }

    @Test
    void aNewKeyUnderTheOldNameIsFetchedToo() {
        read(signed(claims().build()));
        RSAKey next = TestKeys.rsa(TestKeys.RSA.getKeyID());
        published.set(TestKeys.published(next));

        assertThat(read(TestKeys.signed("RS256", next, claims().build()))).containsKey("sub");
    }

    @Test
    void unknownKeysAreNotLookedForWithoutEnd() {
        read(signed(claims().build()));
        for (int i = 0; i < 5; i++) {
            assertThat(failure(TestKeys.signed("RS256", TestKeys.OTHER_RSA, claims().build())))
                    .hasMessageContaining("does not fit any key");
        }
        assertThat(keys.requests()).hasSize(2);

        clock.advance(Duration.ofMinutes(1));
        failure(TestKeys.signed("RS256", TestKeys.OTHER_RSA, claims().build()));
        assertThat(keys.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "<html>", "{\"keys\":7}"})
    void keysThatCannotBeReadAreAnHonestFailure(String body) {
        published.set(body);

        assertThat(failure(signed(claims().build())))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessageContaining("the provider's keys are no JWK set");
    }

    @ParameterizedTest
    @DisplayName("2.10 A key that cannot be read is passed over")
    @ValueSource(
            strings = {
                "{\"kty\":\"EC\",\"crv\":\"BP-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"x\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"kid\":\"x\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"x\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed999\",\"kid\":\"x\"}",
                "{\"kty\":\"RSA\",\"kid\":\"x\"}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"x5c\":[\"no certificate\"]}",
                "{\"kty\":\"oct\"}",
                "{\"kid\":\"x\"}",
                "{\"kty\":7}",
                "{\"kty\":\"RSA\",\"key_ops\":7,\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                "7",
                "null",
                "[]"
            })
    void aKeyThatCannotBeReadHurtsNoOther(String odd) {
        for (String list : List.of("[" + odd + ",", "[")) {
            String set = TestKeys.published(TestKeys.RSA).replace("[", list);
            published.set(list.equals("[") ? set.replace("]}", "," + odd + "]}") : set);
            clock.advance(Duration.ofHours(2));

            assertThat(read(signed(claims().build()))).as(published.get()).containsKey("sub");
        }
    }

    @Test
    @DisplayName("2.18 An encrypted ID token is refused in words that say so")
    void anEncryptedTokenIsRefusedInWords() throws Exception {
        var encrypted = new EncryptedJWT(
                new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM),
                new JWTClaimsSet.Builder().subject("ann").build());
        encrypted.encrypt(new RSAEncrypter(TestKeys.RSA));

        assertThat(failure(new Secret(encrypted.serialize())))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessage("the ID token cannot be believed: it is encrypted, which is not supported: register the"
                        + " client for signed tokens without encryption");
    }

    @Test
    @DisplayName("2.19 How far clocks may differ is a setting")
    void clockSkewIsASetting() {
        JsonObject late = claims().add("exp", clock.instant().minusSeconds(100).getEpochSecond())
                .build();
        assertThat(failure(signed(late))).hasMessageContaining("it has expired");

        idTokens.settings =
                configuration.with("grantbook.provider.clock-skew", "PT2M").settings();

        assertThat(read(signed(late))).containsKey("sub");
    }

    @Test
    @DisplayName("2.10 Keys of which none can be read are an honest failure")
    void keysOfWhichNoneCanBeReadAreAnHonestFailure() {
        published.set("{\"keys\":[{\"kty\":\"RSA\"}]}");

        assertThat(failure(signed(claims().build())))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessageContaining("none of the provider's keys can be read");
    }

    @Test
    void aKeyOfAKindThatNobodyKnowsHurtsNoOther() {
        published.set(TestKeys.published(TestKeys.RSA).replace("[", "[{\"kty\":\"new\",\"kid\":\"x\"},"));

        assertThat(read(signed(claims().build()))).containsKey("sub");
    }

    @Test
    void withoutTheProviderNoKeyFits() {
        keys.close();

        assertThat(failure(signed(claims().build())).kind()).isEqualTo(FailureKind.UNREACHABLE);
    }

    @Test
    void keysOutlastAnOutageOfHours() {
        read(signed(claims().build()));
        keys.close();

        clock.advance(Duration.ofHours(3));
        JsonObject later = claims().add("exp", clock.instant().plusSeconds(60).getEpochSecond())
                .build();
        assertThat(read(signed(later))).containsKey("sub");

        clock.advance(Duration.ofHours(1));
        assertThat(failure(signed(later)).kind()).isEqualTo(FailureKind.UNREACHABLE);
    }

    private Expected expected(String issuer, Set<String> algorithms, @Nullable Secret secret, boolean nonceWasSent) {
        return new Expected(
                issuer,
                CLIENT,
                algorithms,
                keys.address().resolve("/jwks"),
                secret,
                true,
                nonceWasSent ? nonce -> nonce.equals(NONCE) : null);
    }

    private JsonObject read(Secret token) {
        return idTokens.claims(token, expected(ISSUER, Provider.IdToken.BY_KEY, CLIENT_SECRET, true));
    }

    private ProviderException failure(Secret token) {
        return failure(token, expected(ISSUER, Provider.IdToken.BY_KEY, CLIENT_SECRET, true));
    }

    private ProviderException failure(Secret token, Expected expected) {
        return catchThrowableOfType(ProviderException.class, () -> idTokens.claims(token, expected));
    }

    private static Secret signed(JsonObject claims) {
        return TestKeys.signed("RS256", TestKeys.RSA, claims);
    }

    private static JsonObjectBuilder claims() {
        long now = new TestClock().instant().getEpochSecond();
        return Json.createObjectBuilder()
                .add("iss", ISSUER)
                .add("sub", "ann")
                .add("aud", CLIENT)
                .add("nonce", NONCE.value())
                .add("iat", now)
                .add("exp", now + 86_400);
    }

    private static JsonObject without(String claim) {
        return Json.createObjectBuilder(claims().build()).remove(claim).build();
    }

    private static JsonArray audiences(String... names) {
        return Json.createArrayBuilder(List.of(names)).build();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
