package dev.grantbook.platform.config;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What an operator can set, by any MicroProfile Config source (system properties, environment variables, a properties
 * file). {@code docs/configuration.md} lists every name.
 */
@ApplicationScoped
public class Settings {

    /** Executors and HTTP clients count in milliseconds, and take less than one for nothing. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

    private final Config config;

    /** Asks with our own class loader: a connection pool's thread has no context class loader. */
    public Settings() {
        this(ConfigProvider.getConfig(Settings.class.getClassLoader()));
    }

    Settings(Config config) {
        this.config = config;
    }

    /** Reads every setting, so that a wrong one stops the start and not the first request that needs it. */
    void check(@Observes @Priority(StartOrder.SETTINGS) Startup event) {
        Arrays.stream(Settings.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
                .forEach(this::read);
    }

    private void read(Method setting) {
        try {
            setting.invoke(this);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof ConfigurationException wrong
                    ? wrong
                    : new IllegalStateException(setting.getName() + " cannot be read", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(setting + " is public", e);
        }
    }

    /** Where browsers reach this application, without a trailing slash and without the scheme's own port. */
    public URI publicUrl() {
        URI url = uri("grantbook.public-url", "http://localhost:8080");
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("https") || scheme.equals("http");
        boolean more = url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null;
        if (!web || url.getHost() == null || more) {
            throw new ConfigurationException("grantbook.public-url: \"" + url
                    + "\" is not the address of this application; right would be https://grantbook.example.com");
        }
        int standard = scheme.equals("https") ? 443 : 80;
        String port = url.getPort() < 0 || url.getPort() == standard ? "" : ":" + url.getPort();
        return URI.create(scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port
                + url.getRawPath().replaceAll("/+$", ""));
    }

    /** An address of ours as browsers see it; the path starts with a slash. */
    public URI publicUrl(String path) {
        return URI.create(publicUrl() + path);
    }

    public boolean https() {
        return "https".equals(publicUrl().getScheme());
    }

    /** The directory for the H2 database, the keyset and what the first start writes down. */
    public Path data() {
        return path("grantbook.data", text("grantbook.data", "data"))
                .toAbsolutePath()
                .normalize();
    }

    public String databaseUrl() {
        return text("grantbook.database.url", "jdbc:h2:file:" + data().resolve("grantbook") + ";LOCK_TIMEOUT=10000");
    }

    public String databaseUser() {
        return text("grantbook.database.user", "grantbook");
    }

    public String databasePassword() {
        return text("grantbook.database.password", "");
    }

    /** How long a node that starts waits for its database. */
    public Duration databasePatience() {
        return duration("grantbook.database.patience", "PT5M");
    }

    /** How long the body of a request may take to arrive. */
    public Duration uploadTimeout() {
        return duration("grantbook.upload.timeout", "PT10S");
    }

    /** A Tink keyset in JSON, for operators who keep it in their own secret store. */
    public Optional<String> keyset() {
        return config.getOptionalValue("grantbook.keyset", String.class);
    }

    public Path keysetFile() {
        return path(
                "grantbook.keyset.file",
                text("grantbook.keyset.file", data().resolve("keyset.json").toString()));
    }

    /** The key of a key management service that the keyset itself is sealed with, as Tink names it. */
    public Optional<String> keysetKmsUri() {
        return config.getOptionalValue("grantbook.keyset.kms-uri", String.class);
    }

    public Optional<Path> connectorsFile() {
        return config.getOptionalValue("grantbook.connectors.file", String.class)
                .map(text -> path("grantbook.connectors.file", text));
    }

    /** A directory with more provider descriptors, beside those that we ship. */
    public Optional<Path> providersDirectory() {
        return config.getOptionalValue("grantbook.providers.directory", String.class)
                .map(text -> path("grantbook.providers.directory", text));
    }

    public boolean sandbox() {
        String text = text("grantbook.sandbox.enabled", "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ConfigurationException(
                        "grantbook.sandbox.enabled: \"" + text + "\" is neither true nor false");
        };
    }

    public Optional<String> adminPassword() {
        return config.getOptionalValue("grantbook.admin.password", String.class);
    }

    public Optional<String> auditorPassword() {
        return config.getOptionalValue("grantbook.auditor.password", String.class);
    }

    /** How long access tokens of the sandbox's standard servers live. */
    public Duration sandboxTokenLifetime() {
        return duration("grantbook.sandbox.token-lifetime", "PT1H");
    }

    public Duration invitationLifetime() {
        return duration("grantbook.invitation.lifetime", "PT30M");
    }

    public Duration attemptLifetime() {
        return duration("grantbook.attempt.lifetime", "PT10M");
    }

    /** How often one user may be asked again for the rest before the cool-down starts. */
    public int reaskLimit() {
        String text = text("grantbook.reask.limit", "2");
        if (!text.matches("[0-9]{1,4}")) {
            throw new ConfigurationException("grantbook.reask.limit: \"" + text + "\" is no number from 0 to 9999");
        }
        return Integer.parseInt(text);
    }

    public Duration reaskCoolDown() {
        return duration("grantbook.reask.cool-down", "PT10M");
    }

    /** How old the proof that a token works may be before a conversation goes on with it. */
    public Duration verifyAfter() {
        return duration("grantbook.conversations.verify-after", "PT1M");
    }

    /** How long before its end a token is replaced. */
    public Duration refreshMargin() {
        return duration("grantbook.refresh.margin", "PT5M");
    }

    /** After which time without a sign of life another node takes a refresh over. */
    public Duration refreshLease() {
        return duration("grantbook.refresh.lease", "PT10S");
    }

    /** How old tokens may get before they are replaced although nobody asks for them. */
    public Duration refreshKeepAlive() {
        return duration("grantbook.refresh.keep-alive", "P7D");
    }

    /** How often each node looks for tokens that have come to their end, or are to be kept alive. */
    public Duration refreshRound() {
        return duration("grantbook.refresh.round", "PT1M");
    }

    /** How often each node asks providers whether tokens live. */
    public Duration probeRound() {
        return duration("grantbook.probe.round", "PT1M");
    }

    /** About how many tokens of one provider all nodes together ask in that time. */
    public int probesPerRound() {
        return number("grantbook.probe.per-round", "30");
    }

    /** How often each node looks for providers that have still to be told that a token ended. */
    public Duration revocationRound() {
        return duration("grantbook.revocation.round", "PT10S");
    }

    /** How long it is tried to tell a provider that a token ended. */
    public Duration revocationPatience() {
        return duration("grantbook.revocation.patience", "P3D");
    }

    /** How long a provider may take for one whole reply. */
    public Duration providerTimeout() {
        return duration("grantbook.provider.timeout", "PT10S");
    }

    /** How far a provider's clock may be from ours. */
    public Duration clockSkew() {
        Duration skew = duration("grantbook.provider.clock-skew", "PT1M");
        if (skew.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new ConfigurationException(
                    "grantbook.provider.clock-skew: \"" + skew + "\" must be ten minutes at most");
        }
        return skew;
    }

    /** How long a bot may take to accept a message. */
    public Duration deliveryTimeout() {
        return duration("grantbook.deliveries.timeout", "PT15S");
    }

    /** How often a node looks for messages that are due. */
    public Duration deliveryPause() {
        return duration("grantbook.deliveries.pause", "PT2S");
    }

    /** How long messages stay in the list after they were delivered or parked. */
    public Duration deliveriesKept() {
        return duration("grantbook.deliveries.keep", "P30D");
    }

    /** How often each node looks for what has been kept for long enough. */
    public Duration retentionRound() {
        return duration("grantbook.retention.round", "PT1H");
    }

    /** How often each node shows imported tokens to their providers. */
    public Duration importRound() {
        return duration("grantbook.import.round", "PT5S");
    }

    /** How many tokens of one provider a node asks about in one round. */
    public int importsPerRound() {
        return number("grantbook.import.per-round", "20");
    }

    /** How long it can be seen what came of an import. */
    public Duration importsKept() {
        return duration("grantbook.import.keep", "P30D");
    }

    /** How long a call that a bot makes through the proxy may take, its whole reply included. */
    public Duration proxyTimeout() {
        return duration("grantbook.proxy.timeout", "PT30S");
    }

    /** How many bytes may go through the proxy in one direction of one call. */
    public long proxyLargest() {
        String text = text("grantbook.proxy.largest", "16777216");
        if (!text.matches("[1-9][0-9]{0,11}")) {
            throw new ConfigurationException(
                    "grantbook.proxy.largest: \"" + text + "\" is no number of bytes; right would be 16777216");
        }
        return Long.parseLong(text);
    }

    /** How many calls of one connector may go through the proxy at the same moment on one node. */
    public int proxyConcurrent() {
        return number("grantbook.proxy.concurrent", "50");
    }

    /** How many pieces of work a network may cause in a minute without showing who it is, on one node. */
    public int anonymousPerMinute() {
        return number("grantbook.anonymous.per-minute", "600", 1_000_000);
    }

    /** Hosts on private networks that may be called: a company's own OpenID Connect server, a bot beside us. */
    public List<String> privateHosts() {
        return list(
                "grantbook.provider.private-hosts",
                text -> HOST.matcher(text).matches() ? Optional.of(text) : Optional.empty(),
                "is not a host; right would be login.example.com or 10.0.0.5, without scheme and port");
    }

    /** Addresses and networks of the proxies whose {@code X-Forwarded-For} is believed. */
    public List<IpNetwork> trustedProxies() {
        return list(
                "grantbook.trusted-proxies",
                IpNetwork::parse,
                "is neither an IP address nor a network; right would be 10.0.0.5 or 10.0.0.0/8");
    }

    /** The value of an environment variable or other configuration source, for references to secrets. */
    public Optional<String> value(String name) {
        return config.getOptionalValue(name, String.class);
    }

    private int number(String name, String usual) {
        return number(name, usual, 9999);
    }

    private int number(String name, String usual, int most) {
        String text = text(name, usual);
        if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > most) {
            throw new ConfigurationException(name + ": \"" + text + "\" is no number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    private <T> List<T> list(String name, Function<String, Optional<T>> read, String wrong) {
        return config.getOptionalValues(name, String.class).orElse(List.of()).stream()
                .map(String::strip)
                .map(text -> read.apply(text)
                        .orElseThrow(() -> new ConfigurationException(name + ": \"" + text + "\" " + wrong)))
                .toList();
    }

    private String text(String name, String otherwise) {
        return config.getOptionalValue(name, String.class).orElse(otherwise);
    }

    private static Path path(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigurationException(name + ": not a path: " + e.getReason(), e);
        }
    }

    private URI uri(String name, String otherwise) {
        try {
            return URI.create(text(name, otherwise));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(name + ": not a URL: " + e.getMessage(), e);
        }
    }

    Duration duration(String name, String otherwise) {
        String text = text(name, otherwise);
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(SHORTEST) < 0) {
                throw new ConfigurationException(name + ": \"" + text + "\" must be a millisecond at least");
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new ConfigurationException(
                    name + ": \"" + text + "\" is not a duration; right would be " + otherwise, e);
        }
    }
}
