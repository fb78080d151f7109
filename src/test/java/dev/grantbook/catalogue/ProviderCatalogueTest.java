package dev.grantbook.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.AuthorizationDialect;
import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ChallengeMethod;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.FailureShape;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.ScopeSource;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.json.YamlDocument;
import dev.grantbook.provider.quirks.Quirks;
import dev.grantbook.testing.Configuration;
import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderCatalogueTest {

    /** A descriptor in which nothing is wrong. */
    private static final String SOUND = """
            id: acme
            name: Acme
            endpoints:
              authorization: https://acme.example/authorize
              token: https://acme.example/token
            authorization:
              challenge: S256
            token:
              body: form
            account: {id: /id, name: /name}
            scopes:
              read:
                name: {en: Reading}
                description: {en: Read.}
            """;

    private static final List<String> SHIPPED = ProviderCatalogue.SHIPPED;

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @Test
    void theListOfShippedDescriptorsIsTheFolder() throws IOException, URISyntaxException {
        var folder = Path.of(
                Objects.requireNonNull(getClass().getResource("/catalogue")).toURI());
        try (var files = Files.list(folder)) {
            Set<String> descriptors = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .collect(Collectors.toSet());

            assertThat(descriptors).containsExactlyInAnyOrderElementsOf(SHIPPED);
        }
    }

    @ParameterizedTest
    @FieldSource("SHIPPED")
    void everyShippedDescriptorIsSoundAndNamedLikeItsFile(String name) {
        assertThat(shipped().find(name)).get().returns(name, Provider::id);
    }

    @Test
    void everyQuirkIsOfUseToADescriptor() {
        Set<String> named = shipped().all().stream()
                .flatMap(provider -> provider.quirks().stream())
                .collect(Collectors.toSet());

        assertThat(named).isEqualTo(Quirks.names());
    }

    @Test
    void facebooksRefusalsAreToldApart() {
        Provider facebook = shipped().find("facebook").orElseThrow();

        for (int subcode : new int[] {458, 460, 463, 467, 492}) {
            assertThat(meaning(facebook, 190, subcode)).isEqualTo(ApiFailure.Meaning.DEAD);
        }
        for (int subcode : new int[] {459, 464}) {
            assertThat(meaning(facebook, 190, subcode)).isEqualTo(ApiFailure.Meaning.USER_ACTION);
        }
        for (int code : new int[] {102, 190}) {
            assertThat(meaning(facebook, code, 0)).isEqualTo(ApiFailure.Meaning.DEAD);
        }
        for (int code : new int[] {10, 200, 210, 299}) {
            assertThat(meaning(facebook, code, 0)).isEqualTo(ApiFailure.Meaning.SCOPE_MISSING);
        }
        for (int code : new int[] {4, 17, 32, 613}) {
            assertThat(meaning(facebook, code, 0)).isEqualTo(ApiFailure.Meaning.RATE_LIMITED);
        }
        for (int code : new int[] {1, 2, 100, 199, 300}) {
            assertThat(meaning(facebook, code, 0)).isEqualTo(ApiFailure.Meaning.UNKNOWN);
        }
    }

    private static ApiFailure.Meaning meaning(Provider provider, int code, int subcode) {
        var error = Json.createObjectBuilder().add("code", code);
        if (subcode != 0) {
            error.add("error_subcode", subcode);
        }
        return provider.failure(
                        400, Json.createObjectBuilder().add("error", error).build())
                .meaning();
    }

    @Test
    void mixinHasTheScopesThatItDocumentsInEnglishAndChinese() {
        Provider mixin = shipped().find("mixin").orElseThrow();

        assertThat(mixin.catalogue().texts().keySet())
                .containsExactlyInAnyOrder(
                        "PROFILE:READ",
                        "ASSETS:READ",
                        "PHONE:READ",
                        "CONTACTS:READ",
                        "MESSAGES:REPRESENT",
                        "SNAPSHOTS:READ",
                        "CIRCLES:READ",
                        "CIRCLES:WRITE",
                        "COLLECTIBLES:READ",
                        "STICKER:READ",
                        "APPS:READ",
                        "APPS:WRITE");
        assertThat(mixin.catalogue().texts().values()).allSatisfy(text -> {
            assertThat(text.name().byLanguage()).containsKeys("en", "zh");
            assertThat(text.description().byLanguage()).containsKeys("en", "zh");
            assertThat(text.description().in(Locale.CHINESE)).containsPattern("\\p{IsHan}");
        });
        assertThat(mixin.catalogue().always()).isEqualTo(Scopes.of("PROFILE:READ"));
    }

    @Test
    void mixinSpeaksItsOwnDialect() {
        Provider mixin = shipped().find("mixin").orElseThrow();

        assertThat(mixin.endpoints().byName())
                .isEqualTo(Map.of(
                        "authorization", URI.create("https://mixin.one/oauth/authorize"),
                        "token", URI.create("https://api.mixin.one/oauth/token"),
                        "account", URI.create("https://api.mixin.one/me")));
        assertThat(mixin.authorization())
                .isEqualTo(new AuthorizationDialect(
                        " ",
                        Map.of("", "scope"),
                        null,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        false,
                        true,
                        ChallengeMethod.RAW_BYTES,
                        "SHA256",
                        Set.of()));
        assertThat(mixin.token())
                .isEqualTo(new TokenDialect(
                        BodyFormat.JSON,
                        ClientAuthentication.BODY,
                        false,
                        false,
                        false,
                        FailureShape.ERROR_OBJECT,
                        new Pointer("/data"),
                        " ",
                        List.of(TokenPart.WHOLE),
                        Duration.ofDays(365),
                        List.of(Presentation.BEARER, Presentation.ED25519_JWT)));
    }

    @Test
    void aScopeThatTheCatalogueDoesNotKnowIsCalledByItsName() {
        Provider mixin = shipped().find("mixin").orElseThrow();

        assertThat(mixin.catalogue().nameOf("ASSETS:READ", Locale.CHINESE)).isEqualTo("资产");
        assertThat(mixin.catalogue().nameOf("ASSETS:READ", Locale.FRENCH)).isEqualTo("Your assets");
        assertThat(mixin.catalogue().nameOf("NEW:READ", Locale.ENGLISH)).isEqualTo("NEW:READ");
        assertThat(mixin.catalogue().descriptionOf("NEW:READ", Locale.ENGLISH)).isEmpty();
    }

    /** But for what a connector chooses, or the server that is asked where its endpoints are. */
    @Test
    void everyTraitIsUsedByADescriptor() {
        assertThat(used(provider -> provider.token().body())).isEqualTo(EnumSet.allOf(BodyFormat.class));
        assertThat(used(provider -> provider.token().authentication()))
                .contains(ClientAuthentication.BASIC, ClientAuthentication.BODY);
        assertThat(used(provider -> provider.token().failure())).isEqualTo(EnumSet.allOf(FailureShape.class));
        assertThat(used(provider -> provider.authorization().challenge()))
                .isEqualTo(EnumSet.allOf(ChallengeMethod.class));
        assertThat(used(provider -> provider.account().from())).isEqualTo(EnumSet.allOf(AccountSource.class));
        assertThat(used(provider -> provider.scopeDialect().source())).isEqualTo(EnumSet.allOf(ScopeSource.class));
        assertThat(used(provider -> provider.probe().how()))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(ProbeMethod.How.INTROSPECTION)));
    }

    private <T> Set<T> used(Function<Provider, T> trait) {
        return shipped().all().stream().map(trait).collect(Collectors.toSet());
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("id: acme\n", "id: acme\nscope: x\n", "acme.yaml:2: scope: unknown key \"scope\""),
                arguments("challenge: S256", "challange: S256", "acme.yaml:7: authorization.challange: unknown key"),
                arguments("challenge: S256", "challenge: plain", "acme.yaml:7: authorization.challenge: "),
                arguments("body: form", "body: [form]", "acme.yaml:9: token.body: "),
                arguments("name: Acme", "name: 7", "acme.yaml:2: name: "),
                arguments("name: Acme", "name:", "acme.yaml:2: name: "),
                arguments("name: Acme\n", "", "acme.yaml:1: "),
                arguments("name: Acme", "id: other", "acme.yaml:2: id: this key stands twice"),
                arguments("name: Acme", "name: [", "acme.yaml:4: not YAML: "),
                arguments("name: Acme", "\tname: Acme", "acme.yaml:2: not YAML: "),
                arguments("name: Acme", "name: \"\u0007\"", "acme.yaml:2: not YAML: "),
                arguments("name: Acme", "? [a]\n: b", "acme.yaml: only plain keys"),
                arguments("name: Acme", "name: &a [*a]", "acme.yaml: only plain keys and no aliases"),
                arguments("name: Acme", "name: *nothing", "acme.yaml:2: not YAML: "),
                arguments("id: acme", "id: Acme Inc", "acme.yaml:1: id: "),
                arguments("https://acme.example/token", "acme.example/token", "acme.yaml:5: endpoints.token: "),
                arguments("https://acme.example/token", "https://acme example/", "acme.yaml:5: endpoints.token: "),
                arguments("https://acme.example/token", "https://acme.example/%zz", "acme.yaml:5: endpoints.token: "),
                arguments("https://acme.example/token", "https://[::1/", "acme.yaml:5: endpoints.token: "),
                arguments(
                        "https://acme.example/token",
                        "http://acme.example/token",
                        "acme.yaml:5: endpoints.token: must be https"),
                arguments(
                        "https://acme.example/token",
                        "https:///token",
                        "acme.yaml:5: endpoints.token: an address with a host is wanted"),
                arguments("  read:", "  \"re ad\":", "acme.yaml:11: scopes"),
                arguments("en: Reading", "zh: 读", "acme.yaml:13: scopes.read.name"),
                arguments("id: /id", "id: id", "acme.yaml:10: account.id: "));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesFileLineAndKeyOfAFault(String right, String wrong, String message) {
        assertThat(SOUND).contains(right);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> add(SOUND.replace(right, wrong)))
                .withMessageStartingWith(message);
    }

    @Test
    void takesASoundDescriptor() {
        assertThat(add(SOUND).find("acme")).isPresent();
    }

    @Test
    void refusesAnIdThatIsTaken() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> add(SOUND.replace("id: acme", "id: mixin")))
                .withMessage("acme.yaml:1: id: the provider \"mixin\" is there already");
    }

    @Test
    void readsTheOperatorsOwnDescriptors(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("acme.yaml"), SOUND);
        Files.writeString(folder.resolve("notes.txt"), "not a descriptor");
        configuration.with("grantbook.providers.directory", folder.toString());

        assertThat(shipped().all()).extracting(Provider::id).contains("acme", "mixin", "oauth2");
    }

    @Test
    void namesTheSettingWhenTheFolderIsNotThere(@TempDir Path folder) {
        configuration.with(
                "grantbook.providers.directory", folder.resolve("absent").toString());

        assertThat(catchThrowableOfType(ConfigurationException.class, this::shipped))
                .hasMessageContaining("grantbook.providers.directory")
                .hasMessageContaining("absent");
    }

    private ProviderCatalogue shipped() {
        return TestProviders.catalogue(configuration.settings());
    }

    private ProviderCatalogue add(String text) {
        ProviderCatalogue catalogue = shipped();
        catalogue.add(ProviderCatalogue.schema(), new YamlDocument("acme.yaml", text));
        return catalogue;
    }
}
