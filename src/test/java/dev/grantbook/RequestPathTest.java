package dev.grantbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is dear and always comes out the same is made once, in a static initializer or the constructor of an
 * application-scoped bean: look-ups of services and resources, HTTP clients, patterns, message formats and schemas.
 */
@AnalyzeClasses(packages = "dev.grantbook", importOptions = ImportOption.DoNotIncludeTests.class)
class RequestPathTest {

    private static final Pattern DEAR = Pattern.compile(String.join(
            "|",
            "ServiceLoader\\.load.*",
            "JsonProvider\\.provider",
            "ConfigProvider\\.getConfig",
            "CDI\\.current",
            "InitialContext\\..*",
            "ResourceBundle\\.getBundle",
            "MessageFormat\\.<init>",
            "DateTimeFormatter\\.ofPattern",
            "HttpClients?\\.(new|custom|create).*",
            "ClientBuilder\\.newBuilder|ClientBuilder\\.newClient",
            "SSLContext\\.getInstance",
            "SecureRandom\\.<init>",
            "Pattern\\.compile|Pattern\\.matches",
            "String\\.matches|String\\.replaceAll|String\\.replaceFirst",
            "Schema\\.<init>",
            "OpenApiDocument\\.read",
            "(DocumentBuilder|SAXParser|Transformer)Factory\\.newInstance"));

    /** Where that is done when the server starts, once for each type or text, or for what went wrong. */
    private static final Set<String> RARE = Set.of(
            "platform.config.ConfigValues.flag: String.matches",
            "platform.config.ConfigValues.normal: String.replaceAll",
            "platform.config.IpNetwork.parse: String.matches",
            "platform.config.Producers.random: SecureRandom.<init>",
            "platform.config.SettingSources$MicroProfile.open: ConfigProvider.getConfig",
            "platform.persistence.ConfiguredDataSource.close: String.replaceFirst",
            "platform.json.RecordJson$Member.snakeCase: String.replaceAll",
            "platform.json.Schema.sentence: String.replaceAll",
            "platform.json.Schema.sentence: String.replaceFirst",
            "platform.web.JsonBody.schemas: OpenApiDocument.read",
            "platform.web.OpenApiDocument.<init>: OpenApiDocument.read",
            "platform.web.JsonBody.schemas: Schema.<init>",
            "platform.pages.PerLanguage.readTexts: ResourceBundle.getBundle",
            "platform.pages.Routes$Route.<init>: Pattern.compile",
            "platform.pages.Texts.format: MessageFormat.<init>",
            "platform.observability.FaultLog.line: String.replaceAll",
            "platform.http.OutboundHttp$Reply.pause: String.matches",
            "oauth.OAuthError.plain: String.replaceAll",
            "vault.KeysetSource.client: ServiceLoader.load",
            "catalogue.ProviderCatalogue.schema: Schema.<init>",
            "catalogue.ProxyRules.pattern: Pattern.compile",
            "catalogue.dialect.BearerChallenge.read: String.replaceAll",
            "connector.ConnectorsFile.schema: Schema.<init>",
            "provider.client.ClientKey$1.<init>: SecureRandom.<init>");

    @ArchTest
    static void requestsMakeNothingDearAgain(JavaClasses classes) {
        Set<String> found = classes.stream()
                .filter(type -> !type.getPackageName().startsWith("dev.grantbook.sandbox")
                        && !type.getPackageName().equals("dev.grantbook.launcher"))
                .flatMap(RequestPathTest::dear)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).as("the list names what is done, and nothing else").isEqualTo(new TreeSet<>(RARE));
    }

    @ArchTest
    static void resourcesAreMadeOnceUnlessTheyKeepParametersOfARequest(JavaClasses classes) {
        assertThat(classes)
                .filteredOn(type -> type.isAnnotatedWith(Path.class)
                        && !type.getPackageName().startsWith("dev.grantbook.sandbox"))
                .isNotEmpty()
                .allSatisfy(type -> assertThat(type.isAnnotatedWith(ApplicationScoped.class))
                        .isNotEqualTo(keepsParameters(type)));
    }

    private static boolean keepsParameters(JavaClass type) {
        return type.getAllFields().stream()
                .flatMap(field -> field.getAnnotations().stream())
                .anyMatch(annotation -> annotation.getRawType().getName().matches("jakarta\\.ws\\.rs\\.\\w+Param"));
    }

    private static Stream<String> dear(JavaClass type) {
        return type.getAccessesFromSelf().stream()
                .filter(access -> !isMadeOnce(access))
                .map(access -> List.of(
                        name(access.getOriginOwner()) + "." + access.getOrigin().getName(),
                        access.getTargetOwner().getSimpleName() + "."
                                + access.getTarget().getName()))
                .filter(call -> DEAR.matcher(call.get(1)).matches())
                .map(call -> String.join(": ", call));
    }

    private static String name(JavaClass type) {
        return type.getName().substring("dev.grantbook.".length());
    }

    private static boolean isMadeOnce(JavaAccess<?> access) {
        return access.getOrigin().getName().equals("<clinit>")
                || (access.getOriginOwner().isAnnotatedWith(ApplicationScoped.class)
                        && access.getOrigin().isConstructor());
    }
}
