package dev.grantbook.catalogue;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.Schema;
import dev.grantbook.platform.json.YamlDocument;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** All providers: the descriptors in {@code /catalogue} and in the operator's directory. */
@ApplicationScoped
public class ProviderCatalogue {

    /** Resource with the schema of descriptors, some of whose definitions connectors share. */
    public static final String SCHEMA = "/catalogue/provider.schema.json";

    /** Listed here, since a WAR cannot list its folders portably. */
    static final List<String> SHIPPED = List.of(
            "discord",
            "entra",
            "facebook",
            "github",
            "google",
            "intercom",
            "kakao",
            "line",
            "mixin",
            "oauth2",
            "oidc",
            "slack",
            "telegram",
            "xeno",
            "zoom");

    private final Map<String, Provider> providers = new TreeMap<>();

    @Inject
    Settings settings;

    void load(@Observes @Priority(StartOrder.CATALOGUE) Startup event) throws IOException {
        Schema schema = schema();
        for (String name : SHIPPED) {
            add(schema, YamlDocument.read("catalogue/" + name + ".yaml", resource("/catalogue/" + name + ".yaml")));
        }
        Optional<Path> directory = settings.providersDirectory();
        if (directory.isPresent()) {
            if (!Files.isDirectory(directory.get())) {
                throw new ConfigurationException(
                        "grantbook.providers.directory: " + directory.get().toAbsolutePath() + " is not a directory");
            }
            try (var files = Files.newDirectoryStream(directory.get(), "*.yaml")) {
                for (Path file : files) {
                    add(schema, YamlDocument.read(file.toString(), Files.newInputStream(file)));
                }
            }
        }
    }

    void add(Schema schema, YamlDocument document) {
        JsonObject descriptor = document.check(schema).json();
        Endpoints.check(document, "", descriptor);
        Provider provider = DescriptorReader.read(descriptor);
        if (providers.putIfAbsent(provider.id(), provider) != null) {
            throw document.error("/id", "the provider \"" + provider.id() + "\" is there already");
        }
    }

    public Optional<Provider> find(String id) {
        return Optional.ofNullable(providers.get(id));
    }

    public Collection<Provider> all() {
        return providers.values();
    }

    static Schema schema() {
        return new Schema(URI.create("urn:grantbook:provider"), Json.readResource(SCHEMA));
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ProviderCatalogue.class.getResourceAsStream(name), name);
    }
}
