package dev.grantbook.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What an operator can set, in any of the {@link SettingSources}. {@code docs/configuration.md} lists every name. All
 * values are sound.
 *
 * @param publicUrl where browsers reach this application, without a trailing slash and without the scheme's own port
 * @param data directory for the H2 database, the keyset and what the first start writes
 * @param providersDirectory directory with provider descriptors beside the shipped ones
 * @param trustedProxies addresses and networks of the proxies whose {@code X-Forwarded-For} is believed
 * @param cachedBytes how many bytes of sealed grants a node keeps in memory; 0 keeps nothing there
 * @param anonymousPerMinute how many requests without a credential a network may spend in a minute, on one node
 * @param uploadTimeout how long the body of a request may take to arrive
 * @param verifyAfter how old the proof that a token works may be before a conversation continues with it
 * @param retentionRound how often each node looks for what has been kept for long enough
 * @param source resolves references to secrets
 */
public record Settings(
        URI publicUrl,
        Path data,
        DatabaseSettings database,
        KeysetSettings keyset,
        Optional<Path> connectorsFile,
        Optional<Path> providersDirectory,
        PasswordSettings passwords,
        SessionSettings sessions,
        List<IpNetwork> trustedProxies,
        long cachedBytes,
        int anonymousPerMinute,
        Duration uploadTimeout,
        AttemptSettings attempts,
        Duration verifyAfter,
        RefreshSettings refresh,
        ProbeSettings probe,
        RevocationSettings revocation,
        ProviderSettings provider,
        DeliverySettings deliveries,
        Duration retentionRound,
        ImportSettings imports,
        ProxySettings proxy,
        SandboxSettings sandbox,
        Function<String, Optional<String>> source) {

    private static final Duration LONGEST_SESSION = Duration.ofDays(30);

    private static final long MIB = 1024 * 1024;

    private static final long MOST_CACHED = 999_999_999_999L;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

    /** @param patience how long a starting node waits for its database */
    public record DatabaseSettings(String url, String user, String password, Duration patience) {

        /** Redacts the password, and the URL, which may hold one. */
        @Override
        public String toString() {
            return "DatabaseSettings[" + user + "]";
        }
    }

    /**
     * @param text Tink keyset in JSON, for operators who keep it in their own secret store
     * @param kmsUri key of a key management service that seals the keyset itself, as Tink names it
     */
    public record KeysetSettings(Optional<String> text, Path file, Optional<String> kmsUri) {

        /** Redacts the keyset. */
        @Override
        public String toString() {
            return "KeysetSettings[" + file + "]";
        }
    }

    /** Passwords that every start sets. */
    public record PasswordSettings(Optional<String> admin, Optional<String> auditor) {

        /** Redacts both. */
        @Override
        public String toString() {
            return "PasswordSettings[]";
        }
    }

    /**
     * When administrators have to sign in again.
     *
     * @param idle how long after the last request
     * @param lifetime how long after the sign-in, in any case
     */
    public record SessionSettings(Duration idle, Duration lifetime) {}

    /** A user may be asked for missing scopes up to the limit, and then only after the cool-down. */
    public record AttemptSettings(
            Duration invitationLifetime, Duration lifetime, int reaskLimit, Duration reaskCoolDown) {}

    /**
     * @param margin how long before its expiry a token is refreshed
     * @param lease after which time without a sign of life another node takes over a refresh
     * @param keepAlive age at which tokens are refreshed although no bot asks for them
     * @param round how often each node looks for tokens that expire, or are to be kept alive
     */
    public record RefreshSettings(Duration margin, Duration lease, Duration keepAlive, Duration round) {}

    /** How often each node probes, and about how many tokens of one provider all nodes together probe in that time. */
    public record ProbeSettings(Duration round, int perRound) {}

    /** How often each node looks for pending revocations, and how long one is retried. */
    public record RevocationSettings(Duration round, Duration patience) {}

    /**
     * @param timeout how long a provider may take for one whole reply
     * @param clockSkew how far a provider's clock may be from ours
     * @param privateHosts hosts on private networks that may be called: a company's OpenID Connect server, a bot
     */
    public record ProviderSettings(Duration timeout, Duration clockSkew, List<String> privateHosts) {}

    /**
     * @param timeout how long a bot may take to accept a message
     * @param pause how often a node looks for messages that are due
     * @param keep how long messages stay in the list after they were delivered or parked
     */
    public record DeliverySettings(Duration timeout, Duration pause, Duration keep) {}

    /**
     * @param round how often each node probes imported tokens
     * @param perRound how many tokens of one provider a node probes in one round
     * @param keep how long the result of an import can be read
     */
    public record ImportSettings(Duration round, int perRound, Duration keep) {}

    /**
     * @param timeout how long a proxied call may take, its whole reply included
     * @param largest how many bytes may go through the proxy in one direction of one call
     * @param concurrent how many calls of one connector may go through the proxy at the same moment on one node
     */
    public record ProxySettings(Duration timeout, long largest, int concurrent) {}

    /**
     * Settings of the sandbox.
     *
     * @param enabled whether plain http to this machine is allowed, and the sandbox is served where the WAR has it
     * @param tokenLifetime how long access tokens of the sandbox's standard servers live
     */
    public record SandboxSettings(boolean enabled, Duration tokenLifetime) {

        /** File of the sample bot; only WARs with the sandbox have it. */
        public static final String SAMPLE = "/sandbox/connectors.yaml";

        public static boolean isBuiltIn() {
            return SandboxSettings.class.getResource(SAMPLE) != null;
        }
    }

    public static Settings read() {
        return read(SettingSources.open());
    }

    /** Half of the heap that is beyond what all the rest needs. */
    private static long spareHeap() {
        long half = (Runtime.getRuntime().maxMemory() - 128 * MIB) / 2;
        return Math.min(Math.max(half, 16 * MIB), MOST_CACHED);
    }

    static Settings read(Function<String, Optional<String>> source) {
        var values = new ConfigValues(source);
        Path data = values.path("grantbook.data", "data").toAbsolutePath().normalize();
        boolean sandbox = values.flag("grantbook.sandbox.enabled");
        var settings = new Settings(
                values.url("grantbook.public-url", "http://localhost:8080"),
                data,
                new DatabaseSettings(
                        values.text(
                                "grantbook.database.url",
                                "jdbc:h2:file:" + data.resolve("grantbook") + ";LOCK_TIMEOUT=10000",
                                url -> url.startsWith("jdbc:h2:") || url.startsWith("jdbc:postgresql:"),
                                "only jdbc:h2: and jdbc:postgresql: are supported"),
                        values.text("grantbook.database.user", "grantbook"),
                        values.text("grantbook.database.password", ""),
                        values.duration("grantbook.database.patience", "PT5M")),
                new KeysetSettings(
                        values.text("grantbook.keyset"),
                        values.path(
                                "grantbook.keyset.file",
                                data.resolve("keyset.json").toString()),
                        values.text("grantbook.keyset.kms-uri")),
                values.path("grantbook.connectors.file"),
                values.path("grantbook.providers.directory"),
                new PasswordSettings(
                        values.text("grantbook.admin.password"), values.text("grantbook.auditor.password")),
                new SessionSettings(
                        values.duration("grantbook.session.idle", "PT30M", LONGEST_SESSION),
                        values.duration("grantbook.session.lifetime", "PT12H", LONGEST_SESSION)),
                values.list(
                        "grantbook.trusted-proxies",
                        IpNetwork::parse,
                        "is neither an IP address nor a network; right would be 10.0.0.5 or 10.0.0.0/8"),
                values.number("grantbook.cache.bytes", String.valueOf(spareHeap()), 0, MOST_CACHED),
                values.number(
                        "grantbook.anonymous.per-minute",
                        // Where the sandbox is tried, all requests come from one machine.
                        sandbox ? "1000000" : "600",
                        1,
                        1_000_000),
                values.duration("grantbook.upload.timeout", "PT10S"),
                new AttemptSettings(
                        values.duration("grantbook.invitation.lifetime", "PT30M"),
                        values.duration("grantbook.attempt.lifetime", "PT10M"),
                        values.number("grantbook.reask.limit", "2", 0, 9999),
                        values.duration("grantbook.reask.cool-down", "PT10M")),
                values.duration("grantbook.conversations.verify-after", "PT1M"),
                new RefreshSettings(
                        values.duration("grantbook.refresh.margin", "PT5M"),
                        values.duration("grantbook.refresh.lease", "PT10S"),
                        values.duration("grantbook.refresh.keep-alive", "P7D"),
                        values.duration("grantbook.refresh.round", "PT1M")),
                new ProbeSettings(
                        values.duration("grantbook.probe.round", "PT1M"),
                        values.number("grantbook.probe.per-round", "30", 1, 9999)),
                new RevocationSettings(
                        values.duration("grantbook.revocation.round", "PT10S"),
                        values.duration("grantbook.revocation.patience", "P3D")),
                new ProviderSettings(
                        values.duration("grantbook.provider.timeout", "PT10S"),
                        values.duration("grantbook.provider.clock-skew", "PT1M", Duration.ofMinutes(10)),
                        values.list(
                                "grantbook.provider.private-hosts",
                                text -> Optional.of(text).filter(HOST.asMatchPredicate()),
                                "is not a host; right would be login.example.com or 10.0.0.5, without scheme and"
                                        + " port")),
                new DeliverySettings(
                        values.duration("grantbook.deliveries.timeout", "PT15S"),
                        values.duration("grantbook.deliveries.pause", "PT2S"),
                        values.duration("grantbook.deliveries.keep", "P30D")),
                values.duration("grantbook.retention.round", "PT1H"),
                new ImportSettings(
                        values.duration("grantbook.import.round", "PT5S"),
                        values.number("grantbook.import.per-round", "20", 1, 9999),
                        values.duration("grantbook.import.keep", "P30D")),
                new ProxySettings(
                        values.duration("grantbook.proxy.timeout", "PT30S"),
                        values.number("grantbook.proxy.largest", "16777216", 1, 999_999_999_999L),
                        values.number("grantbook.proxy.concurrent", "50", 1, 9999)),
                new SandboxSettings(sandbox, values.duration("grantbook.sandbox.token-lifetime", "PT1H")),
                source);
        values.check();
        return settings;
    }

    /** Returns an address of ours as browsers see it; the path starts with a slash. */
    public URI publicUrl(String path) {
        return URI.create(publicUrl + path);
    }

    public boolean https() {
        return "https".equals(publicUrl.getScheme());
    }

    /** Resolves the name of an environment variable or other configuration source that holds a secret. */
    public Optional<String> value(String name) {
        return source.apply(name);
    }

    /** Redacts everything that may be secret. */
    @Override
    public String toString() {
        return "Settings[" + publicUrl + "]";
    }
}
