package dev.grantbook.catalogue;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.json.YamlDocument;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.provider.UnusableReplyException;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.InjectedField;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Map;

/** Providers of the shipped catalogue, with endpoints of a test's own, and a bot registered there. */
public final class TestProviders {

    /** Holds what form-encoding changes, and what neither a log nor a URL may ever show. */
    public static final Secret CLIENT_SECRET = new Secret("s3cr3t +&=:%/ä");

    public static final String CLIENT_ID = "bot:1 a";
    public static final URI CALLBACK = URI.create("https://grantbook.example/oauth/callback/bot");

    private TestProviders() {}

    /**
     * One for every test of the JVM, unless a test has descriptors of its own: reading them all takes longer than most
     * tests.
     */
    public static ProviderCatalogue catalogue(Settings settings) {
        return settings.providersDirectory().isPresent() ? read(settings) : Shipped.CATALOGUE;
    }

    private static final class Shipped {
        static final ProviderCatalogue CATALOGUE = read(Settings.read());
    }

    private static ProviderCatalogue read(Settings settings) {
        var catalogue = new ProviderCatalogue();
        catalogue.settings = settings;
        try {
            catalogue.load(new jakarta.enterprise.event.Startup());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return catalogue;
    }

    /** The provider with its token, account, permissions and revocation endpoints at one server. */
    public static Provider at(URI server, String id) {
        var document =
                YamlDocument.read(id + ".yaml", TestProviders.class.getResourceAsStream("/catalogue/" + id + ".yaml"));
        Provider provider = DescriptorReader.read(document.json());
        return provider.with(provider.endpoints()
                .with(Map.of(
                        "token", server + "/token",
                        "account", server + "/me",
                        "permissions", server + "/permissions",
                        "revocation", server + "/revoke")));
    }

    /** Mixin as it would be if its authorizations never ended. */
    public static Provider endlessMixin() {
        JsonObject mixin = YamlDocument.read(
                        "mixin.yaml", TestProviders.class.getResourceAsStream("/catalogue/mixin.yaml"))
                .json();
        return DescriptorReader.read(Json.createObjectBuilder(mixin)
                .add(
                        "token",
                        Json.createObjectBuilder(mixin.getJsonObject("token")).remove("lifetime"))
                .build());
    }

    /** A provider that a test makes up, from a descriptor in JSON. */
    public static Provider of(String descriptor) {
        try (var reader = Json.createReader(new StringReader(descriptor))) {
            return DescriptorReader.read(reader.readObject());
        }
    }

    /** Talks to a test's own server. */
    public static TokenEndpoint exchange(OutboundHttp http, Clock clock) {
        var exchange = new TokenEndpoint();
        InjectedField.set(exchange, "http", http);
        InjectedField.set(exchange, "clock", clock);
        return exchange;
    }

    /** Tokens came back in a reply that cannot be used. */
    public static ProviderException unusable(TokenReply issued) {
        return new UnusableReplyException(
                new ProviderException(ProviderException.FailureKind.MALFORMED, "scope is no list of scopes"), issued);
    }

    public static ClientRegistration bot(Provider provider) {
        return new ClientRegistration(
                provider,
                CLIENT_ID,
                CLIENT_SECRET,
                null,
                provider.token().authentication(),
                CALLBACK,
                provider.authorization().parameters(),
                provider.authorization().again());
    }
}
