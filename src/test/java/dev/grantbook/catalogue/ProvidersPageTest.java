package dev.grantbook.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.testing.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code docs/providers.md} says what the catalogue says. */
class ProvidersPageTest {

    private static final Path DOCS = Path.of("docs");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final ProviderCatalogue catalogue = TestProviders.catalogue(configuration.settings());

    /** When it does not, the page as it should be is in {@code target/providers.md}. */
    @Test
    void thePageIsTheCatalogue() throws IOException {
        String page = page();
        Files.writeString(Path.of("target", "providers.md"), page);

        assertThat(DOCS.resolve("providers.md")).content().isEqualTo(page);
    }

    private String page() {
        return """
                # Providers

                What the [catalogue](../src/main/resources/catalogue) says, each with its set-up. Another provider is
                [one YAML file](descriptors.md).

                | provider | scope separator | body | challenge | scope source | revoke | probe |
                |---|---|---|---|---|---|---|
                """ + catalogue.all().stream().map(ProvidersPageTest::row).collect(Collectors.joining());
    }

    private static String row(Provider provider) {
        return "| [%s](providers/%s.md) | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        provider.name(),
                        provider.id(),
                        separator(provider),
                        word(provider.token().body()),
                        word(provider.authorization().challenge()),
                        word(provider.scopeDialect().source()),
                        revoke(provider),
                        probe(provider))
                .replace("\r", "");
    }

    private static String separator(Provider provider) {
        if (provider.authorization().scopesIn().isEmpty()) {
            return "none sent";
        }
        return switch (provider.authorization().scopeSeparator()) {
            case " " -> "space";
            case "," -> "comma";
            default -> "plus";
        };
    }

    private static String revoke(Provider provider) {
        boolean knows = provider.endpoints().revocation() != null;
        if (!knows && provider.discovery()) {
            return "if announced";
        }
        if (!knows && provider.endpoints().token() == null) {
            return "if declared";
        }
        if (!knows) {
            return "none";
        }
        RevocationMethod how = provider.revocation();
        boolean standard = !how.bearer()
                && how.method().equals("POST")
                && how.body() == BodyFormat.FORM
                && how.parameter().equals("token");
        return standard ? "RFC 7009" : how.method() + (how.bearer() ? " with the token" : " with the client's secret");
    }

    private static String probe(Provider provider) {
        boolean asksAccount = provider.probe().how() == ProbeMethod.How.ACCOUNT;
        boolean nobodyToAsk = asksAccount
                && provider.endpoints().account() == null
                && provider.endpoints().token() != null;
        return nobodyToAsk ? "none" : word(provider.probe().how());
    }

    private static String word(Enum<?> trait) {
        return switch (trait.name()) {
            case "S256" -> "S256";
            default -> trait.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
