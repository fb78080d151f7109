package dev.grantbook.sandbox.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxToken;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.token.FreshTokens;
import dev.grantbook.token.TestTokens;
import dev.grantbook.token.TokenLiveness;
import dev.grantbook.token.TokenRefresher;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Grants at the emulated providers live longer than their tokens: each is refreshed twice, over HTTP, by its
 * descriptor.
 */
@Timeout(120)
@OnDatabases(h2 = false)
class RefreshWalkTest {

    private static final Set<String> WITHOUT_REFRESH = Set.of("facebook", "intercom", "mixin", "telegram", "xeno");

    /** @param scopes all of them granted, separated by spaces */
    record Row(String provider, Supplier<Dialect> dialect, String scopes) {
        @Override
        public String toString() {
            return provider;
        }
    }

    static final List<Row> ROWS = List.of(
            new Row("discord", DiscordDialect::new, "identify guilds"),
            new Row("entra", EntraDialect::new, "openid offline_access User.Read Calendars.Read"),
            new Row("github", GithubDialect::new, "repo public_repo gist"),
            new Row("google", GoogleDialect::new, "openid email profile"),
            new Row("kakao", KakaoDialect::new, "profile_nickname friends"),
            new Row("line", LineDialect::new, "profile openid email"),
            new Row("oauth2", OAuthDialect::new, "mail.read mail.send"),
            new Row("oidc", OpenIdDialect::new, "openid offline_access profile"),
            new Row("slack", SlackDialect::new, "chat:write users:read user:search:read"),
            new Row("zoom", ZoomDialect::new, "user:read:user meeting:read:meeting"));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    @TestBean
    final TokenLiveness liveness = TestTokens.unasked();

    @TestBean
    final TestJobs jobs = new TestJobs();

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    TokenEndpoint tokenEndpoint;

    @Inject
    TokenRefresher refresher;

    @Inject
    FreshTokens tokens;

    @Parameter
    Database database;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private @Nullable HttpServer server;
    private @Nullable Emulation emulation;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        configuration
                .with("grantbook.sandbox.enabled", "true")
                .with("grantbook.provider.timeout", "PT60S")
                .with(
                        "grantbook.public-url",
                        "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(server).stop(0);
        threads.shutdownNow();
    }

    @Test
    void everyProviderIsRefreshedOrHasNoRefreshTokens() throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/catalogue"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml"))
                            .map(name -> name.replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(ROWS.stream().map(Row::provider), WITHOUT_REFRESH.stream())
                                    .toList());
        }
    }

    @ParameterizedTest
    @DisplayName("2.1 Every descriptor with refresh: tokens are refreshed twice, and nothing else changes")
    @FieldSource("ROWS")
    void refreshesTwice(Row row) {
        Walk walk = walk(row);
        Grant granted = walk.grant();
        String token = walk.token();

        for (int round = 1; round <= 2; round++) {
            walk.letTheTokenEnd();
            FreshTokens.Fresh fresh = tokens.of(walk.connector, walk.grant());
            String next = fresh.orUnavailable().value();

            // LINE gives the same token again, with another end.
            assertThat(row.provider().equals("line") || !next.equals(token)).isTrue();
            assertThat(walk.isTaken(SandboxToken.ACCESS, next)).isTrue();
            Grant now = walk.grant();
            assertThat(now.status(walk.now())).isEqualTo(GrantStatus.ACTIVE);
            assertThat(now.granted()).isEqualTo(granted.granted());
            assertThat(now.accountId()).isEqualTo(granted.accountId());
            assertThat(now.expiresAt()).isAfter(walk.now());
            token = next;
        }
    }

    @Test
    @DisplayName("2.1 Slack: the user's token has a refresh token and an end of its own, and is renewed too")
    void slacksUserTokenIsRenewedToo() {
        Walk walk = walk(row("slack"));
        String token = walk.secondaryToken();

        for (int round = 1; round <= 2; round++) {
            walk.emulation.clock.advance(Duration.ofHours(12));
            SecondaryToken held = refresher.secondary(walk.grant()).get(0);
            String next = secondaryTokens.token(held).value();

            assertThat(next).isNotEqualTo(token);
            assertThat(walk.isTaken("user", next)).isTrue();
            assertThat(held.expiresAt()).isEqualTo(walk.now().plus(Duration.ofHours(12)));
            assertThat(walk.grant().granted()).isEqualTo(Scopes.of("chat:write", "users:read", "user:search:read"));
            token = next;
        }
    }

    @Test
    @DisplayName("2.1 Slack: refresh tokens of users that nobody uses are kept alive")
    void slacksUserTokenIsKeptAlive() {
        Walk walk = walk(row("slack"));
        String token = walk.secondaryToken();
        walk.emulation.clock.advance(Duration.ofDays(6));
        TestTokens.keepAlive(refresher);
        assertThat(walk.secondaryToken()).isEqualTo(token);

        walk.emulation.clock.advance(Duration.ofDays(1));
        TestTokens.keepAlive(refresher);

        assertThat(walk.secondaryToken()).isNotEqualTo(token);
        assertThat(walk.isTaken("user", walk.secondaryToken())).isTrue();
    }

    @Test
    @DisplayName("2.1 Slack: when the user's token cannot be renewed, the user is asked for what is missing")
    void withoutTheUsersTokenItsScopesAreMissing() {
        Walk walk = walk(row("slack"));
        walk.emulation.database().tamper("DELETE FROM sandbox_token WHERE kind = 'user-refresh'");
        walk.letTheTokenEnd();

        SecondaryToken held = refresher.secondary(walk.grant()).get(0);

        assertThat(held.isOver(walk.now())).as("it is not handed out").isTrue();
        assertThat(walk.grant().granted()).isEqualTo(Scopes.of("chat:write", "users:read"));
        assertThat(tokens.of(walk.connector, walk.grant()).token())
                .as("the bot's own token is not touched by it")
                .isNotNull();
    }

    @Test
    @DisplayName("2.1 Slack: an installation for the user alone is refreshed as what it is")
    void anInstallationForTheUserAloneIsRefreshed() {
        Walk walk = walk(new Row("slack", SlackDialect::new, "user:search:read"));

        for (int round = 1; round <= 2; round++) {
            walk.letTheTokenEnd();
            Secret token = tokens.of(walk.connector, walk.grant()).orUnavailable();

            assertThat(walk.isTaken("user", token.value())).isTrue();
            assertThat(walk.grant().granted()).isEqualTo(Scopes.of("user:search:read"));
        }
    }

    @Test
    @DisplayName("2.17 GitHub: bad_refresh_token, with HTTP 200, ends in expired")
    void githubsBadRefreshTokenEndsInExpired() {
        Walk walk = walk(row("github"));
        walk.emulation.database().tamper("DELETE FROM sandbox_token WHERE kind = 'refresh'");
        walk.letTheTokenEnd();

        FreshTokens.Fresh fresh = tokens.of(walk.connector, walk.grant());

        assertThat(fresh.token()).isNull();
        assertThat(fresh.grant().status(walk.now())).isEqualTo(GrantStatus.EXPIRED);
    }

    private static Row row(String provider) {
        return ROWS.stream()
                .filter(row -> row.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    private Walk walk(Row row) {
        Settings settings = configuration.settings();
        String base = settings.publicUrl().toString();
        String features = Stream.of(row.scopes().split(" ", -1))
                .map(scope -> '"' + scope + '"')
                .collect(Collectors.joining(","));
        boolean known = Set.of("oauth2", "oidc").contains(row.provider());
        String where = known
                ? "\"endpoints\": {\"authorization\": \"%1$s/authorize\", \"token\": \"%1$s/token\"}".formatted(base)
                : "\"mirror\": \"" + base + "\"";
        String definition = """
                {"provider": "%s", "client-id": "%s", "client-secret": "env:X", "default-scopes": [%s], %s}""".formatted(row.provider(), Emulation.CLIENT_ID, features, where);
        Dialect dialect = row.dialect().get();
        if (dialect instanceof StandardDialect standard) {
            standard.settings = settings;
        }
        emulation = new Emulation(configuration, data, definition, dialect);
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1)");
        return new Walk(row, emulation);
    }

    private void answer(HttpExchange http) throws IOException {
        String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = http.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> header.getValue().get(0)));
        var call = new SandboxCall(
                http.getRequestMethod(),
                http.getRequestURI().getPath().substring(1),
                Parameters.parse(http.getRequestURI().getRawQuery()),
                headers,
                body);
        SandboxReply answer = Objects.requireNonNull(emulation).answer(call);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().add("Content-Type", answer.type());
        http.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }

    /** A user who has granted, at one provider. */
    private final class Walk {

        private final Row row;
        private final Emulation emulation;
        private final Connector connector;
        private final String id;

        Walk(Row row, Emulation emulation) {
            this.row = row;
            this.emulation = emulation;
            connector = emulation.bot();
            var client = new ClientRegistration(
                    connector.provider(),
                    Emulation.CLIENT_ID,
                    Emulation.CLIENT_SECRET,
                    null,
                    connector.provider().token().authentication(),
                    URI.create(Emulation.REDIRECT_URI),
                    connector.provider().authorization().parameters(),
                    Map.of());
            Beans.replace(emulation.clock);
            Beans.replace(connectors(client));
            id = issuing.record(receive(client), "user", null, null).id().value();
        }

        private Connectors connectors(ClientRegistration client) {
            return new Connectors() {
                @Override
                public Optional<Connector> find(ConnectorId connectorId) {
                    return Optional.of(connector);
                }

                @Override
                public List<Connector> all() {
                    return List.of(connector);
                }

                @Override
                public ClientRegistration registration(Connector ours) {
                    return client;
                }
            };
        }

        private ReceivedTokens receive(ClientRegistration client) {
            Scopes asked = Scopes.parse(row.scopes(), ' ');
            Parameters request =
                    client.authorizationRequest(asked, new Secret(Emulation.STATE), Emulation.PKCE, false, null);
            String code = emulation.code(request, asked.toList().toArray(String[]::new));
            TokenReply reply = tokenEndpoint.exchange(client, new Secret(code), Emulation.PKCE.verifier());
            var dialect = client.provider().scopeDialect();
            return new ReceivedTokens(
                    connector.id(),
                    new Subject("alice"),
                    reply.account().orElse(new Account("a-1", "Alice", null)),
                    asked,
                    reply.token().with(dialect.readGranted(reply.token().scopes(), asked)),
                    reply.providerTokens());
        }

        Instant now() {
            return emulation.clock.instant();
        }

        Grant grant() {
            return grants.find(new GrantId(id)).orElseThrow();
        }

        String token() {
            return grants.accessToken(grant()).orElseThrow().value();
        }

        String secondaryToken() {
            return secondaryTokens
                    .token(secondaryTokens.of(new GrantId(id)).get(0))
                    .value();
        }

        void letTheTokenEnd() {
            Instant end = grant().expiresAt();
            assertThat(end).as("tokens of %s end", row).isNotNull();
            emulation.clock.advance(Duration.between(now(), end));
        }

        boolean isTaken(String kind, String token) {
            return emulation
                    .database()
                    .in(() -> emulation.authorizations.find(row.provider(), kind, new Secret(token)))
                    .isPresent();
        }
    }
}
