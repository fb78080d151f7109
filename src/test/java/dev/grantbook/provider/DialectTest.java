package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.platform.json.JsonMembers;
import dev.grantbook.provider.Loopback.Request;
import dev.grantbook.provider.TokenEndpoint.RevocationReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.quirks.Quirks;
import dev.grantbook.testing.Configuration;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What descriptors can say, each by a provider made up for it. */
@Timeout(60)
class DialectTest {

    private static final Secret CODE = new Secret("c0de");
    private static final Secret TOKEN = new Secret("t0ken");
    private static final Pkce PKCE = new Pkce(new Secret("MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w"));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TokenEndpoint exchange = new TokenEndpoint();
    private final ProviderApi api = new ProviderApi();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        exchange.http = TestHttp.with(configuration.settings());
        api.http = exchange.http;
    }

    // The authorization request

    @Test
    void scopesGoIntoTheParameterOfTheirPrefix() {
        Provider provider = made("""
                {"authorization": {"scope-separator": ",",
                  "scope-parameters": [{"name": "scope"}, {"name": "user_scope", "prefix": "user:"}]}}""");

        Parameters both = request(provider, Scopes.of("chat:write", "user:search:read", "users:read"), false);
        assertThat(both.get("scope")).isEqualTo("chat:write,users:read");
        assertThat(both.get("user_scope")).isEqualTo("search:read");

        assertThat(request(provider, Scopes.of("user:search:read"), false).names())
                .as("a parameter without scopes is left out")
                .doesNotContain("scope");
    }

    @Test
    void aProviderThatTakesNoScopesGetsNone() {
        Provider provider = made("{\"authorization\": {\"scope-parameters\": []}}");

        assertThat(request(provider, Scopes.of("mail"), false).names())
                .containsExactly(
                        "response_type",
                        "client_id",
                        "state",
                        "redirect_uri",
                        "code_challenge",
                        "code_challenge_method");
    }

    @Test
    void aParameterOfTheConnectorsCanTakeThePlaceOfScopes() {
        Provider provider = made("{\"authorization\": {\"instead-of-scope\": \"config_id\"}}");

        assertThat(request(provider, Scopes.of("mail"), false).get("scope")).isEqualTo("mail");
        Parameters configured = with(TestProviders.bot(provider), Map.of("config_id", "77"), Map.of())
                .authorizationRequest(Scopes.of("mail"), new Secret("s"), PKCE, false, null);
        assertThat(configured.get("config_id")).isEqualTo("77");
        assertThat(configured.get("scope")).isNull();
    }

    @Test
    void whoIsAskedOnceMoreIsAskedInTheProvidersWay() {
        Provider provider = made(
                "{\"authorization\": {\"parameters\": {\"prompt\": \"login\"}, \"again\": {\"prompt\": \"consent\"}}}");

        assertThat(request(provider, Scopes.of("mail"), false).get("prompt")).isEqualTo("login");
        assertThat(request(provider, Scopes.of("mail"), true).get("prompt")).isEqualTo("consent");
    }

    @Test
    void extraParametersCannotReplaceOurs() {
        var client = with(
                TestProviders.bot(made("{}")),
                Map.of("state", "theirs", "client_id", "theirs", "redirect_uri", "https://evil.example"),
                Map.of("scope", "everything"));

        Parameters request = client.authorizationRequest(Scopes.of("mail"), new Secret("ours"), PKCE, true, null);

        assertThat(request.get("state")).isEqualTo("ours");
        assertThat(request.get("client_id")).isEqualTo(TestProviders.CLIENT_ID);
        assertThat(request.get("redirect_uri")).isEqualTo(TestProviders.CALLBACK.toString());
        assertThat(request.get("scope")).isEqualTo("mail");
    }

    @Test
    void aMirrorTakesThePlaceOfEveryServer() {
        Endpoints endpoints = made("""
                {"endpoints": {"token": "https://a.example:8443/oauth/token", "account": "https://b.example/me?fields=id"}}""").endpoints();

        assertThat(endpoints.at(URI.create("http://localhost:1/there")).byName())
                .isEqualTo(Map.of(
                        "token", URI.create("http://localhost:1/there/oauth/token"),
                        "account", URI.create("http://localhost:1/there/me?fields=id")));
    }

    // The token endpoint

    @Test
    void aTokenByGetCarriesEverythingInTheQuery() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\"}")) {
            Provider provider = at(server, "{\"token\": {\"body\": \"query\", \"client-authentication\": \"body\"}}");

            exchange.exchange(TestProviders.bot(provider), CODE, null);

            assertThat(server.request().method()).isEqualTo("GET");
            assertThat(server.request().body()).isEmpty();
            Parameters sent = Parameters.parse(server.request().uri().getRawQuery());
            assertThat(sent.get("client_secret")).isEqualTo(TestProviders.CLIENT_SECRET.value());
            assertThat(sent.get("code")).isEqualTo("c0de");
        }
    }

    @Test
    void aTokenIsTurnedIntoALongLivedOneAndKeepsItsScopes() {
        try (var server = answering(
                "{\"access_token\":\"short\",\"expires_in\":3600,\"scope\":\"mail\"}",
                "{\"access_token\":\"long\",\"expires_in\":5184000}")) {
            Provider provider = at(server, "{\"quirks\": [\"LongLivedExchange\"]}");

            var token =
                    exchange.exchange(TestProviders.bot(provider), CODE, null).token();

            assertThat(token.accessToken().value()).isEqualTo("long");
            assertThat(token.expiresIn()).hasDays(60);
            assertThat(token.scopes()).isEqualTo(Scopes.of("mail"));
            assertThat(server.requests().get(1).body())
                    .contains("grant_type=fb_exchange_token", "fb_exchange_token=short");
        }
    }

    @Test
    void aTokenThatCannotBeMadeLongLivedIsKept() {
        try (var server = answering("{\"access_token\":\"short\"}", "{\"error\":\"server_error\"}")) {
            Provider provider = at(server, "{\"quirks\": [\"LongLivedExchange\"]}");

            assertThat(exchange.exchange(TestProviders.bot(provider), CODE, null)
                            .token()
                            .accessToken()
                            .value())
                    .isEqualTo("short");
        }
    }

    private static final String PARTS = """
            {"authorization": {"scope-separator": ","},
             "token": {"failure": "ok-false", "parts": [
               {"at": ""}, {"at": "/authed_user", "prefix": "user:", "kind": "user", "id": "/id"}]},
             "account": {"from": "token-reply", "id": ["/team/id", "/authed_user/id"], "name": "/team/name",
                         "installation": {"id": "/team/id", "name": "/team/name"}}}""";

    @Test
    void aSecondTokenInTheReplyIsASecondaryTokenWithScopesOfItsOwn() {
        try (var server = Loopback.json(200, """
                {"ok": true, "access_token": "bot", "token_type": "bot", "scope": "chat:write,users:read",
                 "team": {"id": "T1", "name": "Team"},
                 "authed_user": {"id": "U1", "scope": "search:read", "access_token": "person", "token_type": "user"}}""")) {
            TokenReply reply = exchange.exchange(TestProviders.bot(at(server, PARTS)), CODE, null);

            assertThat(reply.token().accessToken().value()).isEqualTo("bot");
            assertThat(reply.token().scopes()).isEqualTo(Scopes.of("chat:write", "users:read", "user:search:read"));
            assertThat(reply.providerTokens())
                    .containsExactly(new ProviderToken("user", "U1", null, new Secret("person")));
            assertThat(reply.account()).contains(new Account("T1/U1", "Team", new Account.InstalledAt("T1", "Team")));
        }
    }

    @Test
    void aReplyWithTheSecondTokenOnlyGivesThatOne() {
        try (var server = Loopback.json(200, """
                {"ok": true, "team": {"id": "T1", "name": "Team"},
                 "authed_user": {"id": "U1", "scope": "search:read", "access_token": "person", "token_type": "user"}}""")) {
            TokenReply reply = exchange.exchange(TestProviders.bot(at(server, PARTS)), CODE, null);

            assertThat(reply.token().accessToken().value()).isEqualTo("person");
            assertThat(reply.token().scopes()).isEqualTo(Scopes.of("user:search:read"));
            assertThat(reply.providerTokens()).isEmpty();
        }
    }

    @Test
    void notOkIsARefusalWhateverTheStatus() {
        try (var server = Loopback.json(200, "{\"ok\":false,\"error\":\"invalid_code\"}")) {
            var bot = TestProviders.bot(at(server, PARTS));

            assertThat(catchThrowableOfType(ProviderException.class, () -> exchange.exchange(bot, CODE, null)))
                    .returns(ProviderException.FailureKind.REFUSED, ProviderException::kind)
                    .hasMessageContaining("invalid_code");
        }
    }

    // What a refresh brings

    @Test
    @DisplayName("2.1 A refresh reply is about a grant that is there: whose it is, it need not say")
    void aRefreshReplyNeedNotSayWhoseItIs() {
        try (var server = Loopback.json(200, """
                {"ok": true, "access_token": "bot-2", "token_type": "bot", "scope": "chat:write", "expires_in": 43200,
                 "refresh_token": "again-2", "team": {"id": "T1", "name": "Team"}}""")) {
            Provider provider = at(server, PARTS);
            TokenPart part = provider.token().own(Scopes.of("chat:write", "user:search:read"), Set.of("user"));

            var token = exchange.refresh(TestProviders.bot(provider), new Secret("again-1"), part);

            assertThat(token.accessToken().value()).isEqualTo("bot-2");
            assertThat(token.refreshToken()).isEqualTo(new Secret("again-2"));
            assertThat(token.expiresIn()).hasHours(12);
            assertThat(provider.readGranted(part, token.scopes(), Scopes.of("chat:write", "user:search:read")))
                    .as("what it does not speak of stays")
                    .isEqualTo(Scopes.of("chat:write", "user:search:read"));
        }
    }

    @Test
    @DisplayName("2.1 Scopes of a refresh get the prefix of the part whose refresh token was used")
    void scopesOfARefreshGetThePrefixOfTheirPart() {
        try (var server = Loopback.json(
                200,
                "{\"ok\":true,\"access_token\":\"u-2\",\"token_type\":\"user\",\"scope\":\"search:read,im:read\"}")) {
            Provider provider = at(server, PARTS);
            TokenPart part = provider.token().partOf("user").orElseThrow();

            var token = exchange.refresh(TestProviders.bot(provider), new Secret("again-1"), part);

            assertThat(token.scopes()).isEqualTo(Scopes.of("user:search:read", "user:im:read"));
            assertThat(provider.readGranted(part, token.scopes(), Scopes.of("chat:write", "user:search:read")))
                    .isEqualTo(Scopes.of("chat:write", "user:search:read", "user:im:read"));
        }
    }

    @ParameterizedTest
    @DisplayName("2.1 Which part a grant's own token came from")
    @CsvSource({
        "chat:write user:search:read, user, ''",
        "chat:write user:search:read, '', ''",
        "user:search:read, '', user",
        "user:search:read, user, ''",
        "'', '', ''"
    })
    void theOwnPartIsTheFirstThatHasScopes(String granted, String held, String kind) {
        Set<String> kinds = held.isEmpty() ? Set.of() : Set.of(held);

        assertThat(made(PARTS).token().own(scopes(granted), kinds).kind()).isEqualTo(kind);
    }

    @Test
    @DisplayName("2.1 A secondary token brings its own refresh token and lifetime")
    void aSecondaryTokenHasItsOwnRefreshTokenAndLifetime() {
        try (var server = Loopback.json(200, """
                {"ok": true, "access_token": "bot", "scope": "chat:write", "expires_in": 43200, "refresh_token": "r-bot",
                 "team": {"id": "T1"}, "authed_user": {"id": "U1", "scope": "search:read", "access_token": "person",
                 "expires_in": 3600, "refresh_token": "r-person"}}""")) {
            TokenReply reply = exchange.exchange(TestProviders.bot(at(server, PARTS)), CODE, null);

            assertThat(reply.token().refreshToken()).isEqualTo(new Secret("r-bot"));
            assertThat(reply.providerTokens())
                    .containsExactly(new ProviderToken(
                            "user", "U1", null, new Secret("person"), new Secret("r-person"), Duration.ofHours(1)));
            assertThat(reply.providerTokens()
                            .get(0)
                            .after(Duration.ofMinutes(10))
                            .expiresIn())
                    .hasMinutes(50);
        }
    }

    @Test
    @DisplayName("2.19 An empty scope in a refresh takes nothing back")
    void anEmptyScopeInARefreshTakesNothingBack() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\",\"scope\":\"\"}")) {
            Provider provider = at(server, "{}");

            Scopes reported = exchange.refresh(TestProviders.bot(provider), new Secret("r"), TokenPart.WHOLE)
                    .scopes();

            assertThat(provider.readGranted(TokenPart.WHOLE, reported, Scopes.of("mail")))
                    .isEqualTo(Scopes.of("mail"));
        }
    }

    @ParameterizedTest
    @DisplayName("2.3 What asks for the user at a refresh is the user's turn")
    @ValueSource(
            strings = {
                "invalid_grant",
                "interaction_required",
                "consent_required",
                "login_required",
                "account_selection_required"
            })
    void whatAsksForTheUserAtARefreshIsTheUsersTurn(String error) {
        try (var server = Loopback.json(400, "{\"error\":\"" + error + "\"}")) {
            var bot = TestProviders.bot(at(server, "{}"));

            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.refresh(bot, new Secret("r"), TokenPart.WHOLE)))
                    .returns(ProviderException.FailureKind.REFRESH_REFUSED, ProviderException::kind);
        }
    }

    @Test
    void whatIsWrongWithTheClientIsNotTheUsersTurn() {
        try (var server = Loopback.json(401, "{\"error\":\"invalid_client\"}")) {
            var bot = TestProviders.bot(at(server, "{}"));

            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.refresh(bot, new Secret("r"), TokenPart.WHOLE)))
                    .returns(ProviderException.FailureKind.REFUSED, ProviderException::kind);
        }
    }

    // What was granted

    @ParameterizedTest
    @DisplayName("2.19 Scopes that a reply joins by commas, unasked, count each")
    @CsvSource({
        "'read,write', read write, read write",
        "'read,write', read write admin, read write",
        "'read,write', 'read,write', 'read,write'",
        "'read,other', read write, 'read,other'",
        "'read,', read write, 'read,'",
        "'read,write mail', read write mail, read write mail"
    })
    void scopesThatAReplyJoinsByCommasCountEach(String reported, String asked, String granted) {
        assertThat(made("{}").scopeDialect().readGranted(scopes(reported), scopes(asked)))
                .isEqualTo(scopes(granted));
    }

    @ParameterizedTest
    @CsvSource({
        "widget contacts, widgets contacts, widgets contacts",
        "repo, repo public_repo user, repo public_repo",
        "mail, mail offline_access, mail offline_access",
        "mail, mail, mail",
        "'', mail offline_access, offline_access",
        ", mail user, mail user"
    })
    void whatIsReportedIsReadInTheNamesOfTheRequest(@Nullable String reported, String asked, String granted) {
        Provider provider = made("""
                {"aliases": {"widget": "widgets"}, "implied": {"repo": ["public_repo", "repo:status"]},
                 "silent": ["offline_access"]}""");

        assertThat(provider.scopeDialect().readGranted(reported == null ? null : scopes(reported), scopes(asked)))
                .isEqualTo(scopes(granted));
    }

    @Test
    void whatIsNeverReportedCountsAsGranted() {
        Provider provider = made("{\"scopes-from\": \"unreported\"}");

        assertThat(provider.scopeDialect().readGranted(Scopes.of("other"), Scopes.of("mail")))
                .isEqualTo(Scopes.of("mail"));
    }

    @Test
    void onlyWhatThePermissionsListCallsGrantedIsGranted() {
        try (var server = Loopback.json(200, """
                {"data": [{"permission": "email", "status": "granted"}, {"permission": "pages", "status": "declined"},
                          {"permission": "old", "status": "expired"}, "noise"]}""")) {
            Provider provider = at(server, """
                    {"scopes-from": "permissions-call", "quirks": ["AppSecretProof"], "permissions":
                     {"list": "/data", "scope": "/permission", "status": "/status", "granted": "granted"}}""");

            assertThat(api.permissions(TestProviders.bot(provider), TOKEN)).isEqualTo(Scopes.of("email"));
            assertThat(Parameters.parse(server.request().uri().getRawQuery()).get("appsecret_proof"))
                    .isEqualTo(TestProviders.CLIENT_SECRET.hmacSha256("t0ken"));
        }
    }

    // What refusals mean

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":{\"code\":190,\"error_subcode\":459}} | USER_ACTION |",
                "400 | {\"error\":{\"code\":190,\"error_subcode\":463}} | DEAD |",
                "400 | {\"error\":{\"code\":190}} | DEAD |",
                "400 | {\"error\":{\"code\":10}} | SCOPE_MISSING |",
                "400 | {\"error\":{\"code\":200}} | SCOPE_MISSING |",
                "400 | {\"error\":{\"code\":299}} | SCOPE_MISSING |",
                "400 | {\"error\":{\"code\":300}} | UNKNOWN |",
                "400 | {\"error\":{\"code\":\"4\"}} | RATE_LIMITED |",
                "200 | {\"error\":\"missing_scope\",\"needed\":\"a:b,c\"} | SCOPE_MISSING | a:b c",
                "403 | {\"code\":-402,\"required_scopes\":[\"friends\",\"talk\"]} | SCOPE_MISSING | friends talk",
                "403 | {\"code\":-402,\"required_scopes\":[1]} | SCOPE_MISSING |",
                "401 | {} | DEAD |",
                "403 | {} | SCOPE_MISSING |",
                "429 | {} | RATE_LIMITED |",
                "500 | {} | UNKNOWN |"
            })
    void refusalsAreToldApart(int status, String body, Meaning meaning, @Nullable String missing) {
        Provider provider = made("""
                {"failures": [
                  {"at": "/error/error_subcode", "in": [459, 464], "means": "user-action"},
                  {"at": "/error/code", "in": [190], "means": "dead"},
                  {"at": "/error/code", "in": [10], "means": "scope-missing"},
                  {"at": "/error/code", "from": 200, "to": 299, "means": "scope-missing"},
                  {"at": "/error/code", "in": [4], "means": "rate-limited"},
                  {"at": "/error", "in": ["missing_scope"], "means": "scope-missing", "scopes": "/needed"},
                  {"status": 403, "at": "/code", "in": [-402], "means": "scope-missing", "scopes": "/required_scopes"}]}""");

        assertThat(provider.failure(status, json(body)))
                .isEqualTo(new ApiFailure(meaning, missing == null ? Scopes.NONE : scopes(missing)));
    }

    // Probing

    @ParameterizedTest
    @CsvSource({"200, true", "401, false"})
    void theAccountTellsWhetherATokenLives(int status, boolean alive) {
        try (var server = Loopback.json(status, "{\"id\":\"1\"}")) {
            ProbeResult result = api.probe(TestProviders.bot(at(server, "{}")), TOKEN);

            assertThat(result.isDead()).isEqualTo(!alive);
        }
    }

    @Test
    void aProvidersOwnTroubleSaysNothingAboutTheToken() {
        try (var server = Loopback.json(500, "{}")) {
            var bot = TestProviders.bot(at(server, "{}"));

            assertThat(catchThrowableOfType(ProviderException.class, () -> api.probe(bot, TOKEN))
                            .kind())
                    .isEqualTo(ProviderException.FailureKind.UNREACHABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({"bot:1 a, false", "another, true"})
    void aTokenOfAnotherClientIsAsGoodAsDead(String client, boolean dead) {
        try (var server = Loopback.json(200, "{\"client_id\":\"" + client + "\",\"scope\":\"profile openid\"}")) {
            Provider provider = at(server, """
                    {"probe": {"how": "verification", "parameter": "access_token", "client-id": "/client_id",
                               "scopes": "/scope"}}""");

            ProbeResult result = api.probe(TestProviders.bot(provider), TOKEN);

            assertThat(result.isDead()).isEqualTo(dead);
            assertThat(result.scopes()).isEqualTo(dead ? null : Scopes.of("profile", "openid"));
            assertThat(server.request().uri()).hasToString("/verify?access_token=t0ken");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void theAppMayAskAboutItsUsersToken(boolean valid, boolean dead) {
        try (var server = Loopback.json(200, "{\"data\":{\"is_valid\":" + valid + ",\"scopes\":[\"email\"]}}")) {
            Provider provider = at(server, """
                    {"probe": {"how": "verification", "parameter": "input_token", "app-token": true,
                               "valid": "/data/is_valid", "scopes": "/data/scopes"}}""");

            assertThat(api.probe(TestProviders.bot(provider), TOKEN).isDead()).isEqualTo(dead);
            assertThat(Parameters.parse(server.request().uri().getRawQuery()).get("access_token"))
                    .isEqualTo(TestProviders.CLIENT_ID + "|" + TestProviders.CLIENT_SECRET.value());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void introspectionSaysWhetherATokenIsActive(boolean active, boolean dead) {
        try (var server = Loopback.json(200, "{\"active\":" + active + ",\"scope\":\"mail\"}")) {
            Provider provider = at(server, "{\"probe\": {\"how\": \"introspection\"}}");

            assertThat(api.probe(TestProviders.bot(provider), TOKEN).isDead()).isEqualTo(dead);
            assertThat(server.request().body()).contains("token=t0ken", "token_type_hint=access_token");
            assertThat(server.request().authorization()).startsWith("Basic ");
        }
    }

    // Revoking

    @Test
    void revocationCanBeACallWithTheTokenItself() {
        try (var server = Loopback.json(200, "true")) {
            Provider provider = at(server, """
                    {"revocation": {"authentication": "bearer", "method": "DELETE"}, "quirks": ["AppSecretProof"]}""");

            assertThat(exchange.revoke(TestProviders.bot(provider), TOKEN, "access_token"))
                    .isEqualTo(RevocationReply.AGREED);
            assertThat(server.request())
                    .returns("DELETE", Request::method)
                    .returns("Bearer t0ken", Request::authorization)
                    .returns("", Request::body);
            assertThat(server.request().uri().getQuery()).startsWith("appsecret_proof=");
            assertThat(exchange.revoke(TestProviders.bot(provider), TOKEN, "refresh_token"))
                    .as("there is no call for that")
                    .isEqualTo(RevocationReply.NO_WAY);
        }
    }

    @Test
    void aTokenThatIsDeadAlreadyNeedsNoRevocation() {
        try (var server = Loopback.json(401, "{}")) {
            Provider provider = at(server, "{\"revocation\": {\"authentication\": \"bearer\"}}");

            assertThat(exchange.revoke(TestProviders.bot(provider), TOKEN, "access_token"))
                    .isEqualTo(RevocationReply.DEAD_BEFORE);
        }
    }

    @Test
    void revocationCanHaveItsOwnShape() {
        try (var server = Loopback.answering(204, "application/json", "")) {
            Provider provider = at(server, """
                    {"token": {"client-authentication": "body"},
                     "endpoints": {"revocation": "BASE/applications/:client_id/grant"},
                     "revocation": {"client-authentication": "basic", "method": "DELETE", "body": "json",
                                    "parameter": "access_token"}}""");

            assertThat(exchange.revoke(TestProviders.bot(provider), TOKEN, "access_token"))
                    .isEqualTo(RevocationReply.AGREED);
            assertThat(server.request())
                    .returns("DELETE", Request::method)
                    .returns("{\"access_token\":\"t0ken\"}", Request::body);
            assertThat(server.request().uri()).hasToString("/applications/bot%3A1+a/grant");
            assertThat(server.request().authorization()).startsWith("Basic ");
        }
    }

    // Secondary tokens

    private static final String PAGES = """
            {"secondary-tokens": {"kind": "page", "list": "/data", "id": "/id", "name": "/name", "token": "/access_token",
                          "next": "/paging/next"}}""";

    @Test
    void secondaryTokensAreReadPageByPage() {
        try (var server = Loopback.answering(exchange -> {
            boolean second = String.valueOf(exchange.getRequestURI().getQuery()).contains("after=1");
            String base = "http://127.0.0.1:" + exchange.getLocalAddress().getPort();
            String body = second
                    ? "{\"data\":[{\"id\":\"2\",\"name\":\"Two\\n\",\"access_token\":\"b\"}]}"
                    : "{\"data\":[{\"id\":\"1\",\"name\":\"One\",\"access_token\":\"a\"},{\"id\":\"0\"}],"
                            + "\"paging\":{\"next\":\"" + base + "/secondary-tokens?after=1\"}}";
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        })) {
            assertThat(api.listProviderTokens(TestProviders.bot(at(server, PAGES)), TOKEN))
                    .containsExactly(
                            new ProviderToken("page", "1", "One", new Secret("a")),
                            new ProviderToken("page", "2", "Two", new Secret("b")));
        }
    }

    @Test
    void aListThatContinuesElsewhereIsNotFollowed() {
        try (var elsewhere = Loopback.json(200, "{\"data\":[]}");
                var server =
                        Loopback.json(200, "{\"data\":[],\"paging\":{\"next\":\"" + elsewhere.address() + "/x\"}}")) {
            assertThat(api.listProviderTokens(TestProviders.bot(at(server, PAGES)), TOKEN))
                    .isEmpty();
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void aListThatNeverEndsIsReadForTwentyPages() {
        try (var server = Loopback.answering(exchange -> {
            String body = "{\"data\":[],\"paging\":{\"next\":\"http://127.0.0.1:"
                    + exchange.getLocalAddress().getPort() + "/secondary-tokens\"}}";
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        })) {
            assertThat(api.listProviderTokens(TestProviders.bot(at(server, PAGES)), TOKEN))
                    .isEmpty();
            assertThat(server.requests()).hasSize(20);
        }
    }

    @Test
    void whoMayNotSeeTheListHasNoSecondaryTokens() {
        try (var server = Loopback.json(403, "{}")) {
            assertThat(api.listProviderTokens(TestProviders.bot(at(server, PAGES)), TOKEN))
                    .isEmpty();
        }
    }

    // Quirks

    @Test
    void anUnknownQuirkIsNoQuirk() {
        assertThat(Quirks.names()).contains("LongLivedExchange");
        assertThatThrownBy(() -> Quirks.byName("Nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Parameters request(Provider provider, Scopes scopes, boolean again) {
        return TestProviders.bot(provider).authorizationRequest(scopes, new Secret("state"), PKCE, again, null);
    }

    private static ClientRegistration with(
            ClientRegistration client, Map<String, String> parameters, Map<String, String> again) {
        return new ClientRegistration(
                client.provider(),
                client.clientId(),
                client.clientSecret(),
                client.privateKey(),
                client.authentication(),
                client.redirectUri(),
                parameters,
                again);
    }

    /** A server that answers each request with the next body, all with status 200. */
    private static Loopback answering(String... bodies) {
        var next = List.of(bodies).iterator();
        return Loopback.answering(exchange -> {
            byte[] body = next.next().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    private static Provider at(Loopback server, String descriptor) {
        String base = server.address().toString();
        Map<String, String> endpoints = Map.of(
                "token", base + "/token",
                "account", base + "/me",
                "permissions", base + "/permissions",
                "secondary-tokens", base + "/secondary-tokens",
                "verification", base + "/verify",
                "introspection", base + "/introspect",
                "revocation", base + "/revoke");
        Provider provider = made(descriptor.replace("BASE", base));
        return provider.with(new Endpoints(Map.of(), List.of())
                .with(endpoints)
                .with(JsonMembers.textsByName(json(descriptor.replace("BASE", base)), "endpoints")));
    }

    /** A provider with what a descriptor must have, and the given. */
    private static Provider made(String descriptor) {
        var json = Json.createObjectBuilder(json("""
                {"id": "made", "name": "Made", "endpoints": {}, "authorization": {}, "token": {},
                 "account": {"id": "/id", "name": "/name"}, "scopes": {}}"""));
        json(descriptor).forEach(json::add);
        return TestProviders.of(json.build().toString());
    }

    private static Scopes scopes(String text) {
        return Scopes.parse(text, ' ');
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
