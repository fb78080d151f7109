package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.grantbook.oauth.Parameters;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider's API through the proxy: what it is told, what the bot is told, and what happens when it goes wrong. */
@ArquillianTest
@RunAsClient
class ProxyIT {

    private static final int LARGEST = 1_000_000;
    private static final int CONCURRENT = 4;

    /** Begins as gzip does and ends nowhere: nobody on the way can have read it. */
    private static final byte[] ZIPPED = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};

    private static final Api BOT = Api.withKey("all");

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** What the provider's API was asked, and what it refuses. */
    private static final List<Asked> ASKED = new CopyOnWriteArrayList<>();

    private static final String CHALLENGE = "Bearer error=\"insufficient_scope\", scope=\"files:write\"";

    private static final Set<String> DEAD_TOKENS = ConcurrentHashMap.newKeySet();
    private static final CountDownLatch OVER = new CountDownLatch(1);

    private static @Nullable Rotation provider;

    private final String subject = UUID.randomUUID().toString().replace("-", "");

    private record Asked(String method, String uri, Map<String, List<String>> headers, int length) {

        String header(String name) {
            return String.join("|", headers.getOrDefault(name, List.of()));
        }
    }

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return PostgreSqlSuite.war();
    }

    /** Starts the provider whose API is asked: its address. */
    static String provider() throws IOException {
        Rotation rotation = new Rotation();
        rotation.serve("/", ProxyIT::api);
        provider = rotation;
        return rotation.address();
    }

    static Map<String, String> configuration() {
        return Map.of(
                "grantbook.proxy.largest", String.valueOf(LARGEST),
                "grantbook.proxy.timeout", "PT6S",
                "grantbook.proxy.concurrent", String.valueOf(CONCURRENT));
    }

    // Signed calls

    @Test
    @DisplayName(
            "2.20 From the link to the end, a grant with a key has no access token, and each of its calls is signed")
    void aGrantWithAKeyIsSignedFromTheLinkToItsEnd() throws Exception {
        String link = BOT.link("mixin-keys", subject);
        assertThat(new Visitor().get(link).body()).contains("ends by itself after 365 days");
        Visitor alice = new Visitor();
        alice.finish(link, SandboxAccount.ALICE);
        assertThat(alice.get("/permissions").body()).contains("ends on");

        JsonObject access = BOT.access("mixin-keys", subject);
        String grant = BOT.grant("mixin-keys", subject).getString("id");
        assertThat(access.getString("status")).isEqualTo("authorized");
        assertThat(access).doesNotContainKeys("access_token", "token_type");
        assertThat(access.getString("signature_url")).endsWith("/api/v1/grants/" + grant + "/signature");
        assertThat(Duration.between(Instant.now(), Instant.parse(access.getString("expires_at"))))
                .isBetween(Duration.ofDays(364), Duration.ofDays(366));
        Reply batch =
                BOT.send("POST", "/access:batch", "{\"connector\":\"mixin-keys\",\"subjects\":[\"" + subject + "\"]}");
        assertThat(batch.body()).contains("signature_url").doesNotContain("access_token");
        Reply next = BOT.send(
                "POST",
                "/conversations/web/" + subject + "/next",
                "{\"connector\":\"mixin-keys\",\"subject\":\"" + subject + "\"}");
        assertThat(next.body()).contains("signature_url").doesNotContain("access_token\"");
        assertThat(BOT.get("/subjects/" + subject).body())
                .contains("signing_key")
                .doesNotContain("\"kty\"");

        // Through the proxy, with and without a body.
        Reply me = BOT.get("/proxy/mixin-keys/" + subject + "/me?fields=all%20of");
        assertThat(Api.json(me).getJsonObject("data").getString("user_id")).isEqualTo(SandboxAccount.ALICE.id);
        assertThat(me.header("X-Integrity-Token")).isNotEmpty();
        Reply users = BOT.send(
                "POST", "/proxy/mixin-keys/" + subject + "/users/fetch", "[\"" + SandboxAccount.BOB.id + "\"]");
        assertThat(Api.json(users).getJsonArray("data")).as(users.body()).hasSize(1);

        // By the bot itself: good for this one call.
        JsonObject signed = signature(BOT, grant, "{\"method\":\"GET\",\"path\":\"/assets?limit=3\"}", 200);
        assertThat(signed.getString("server_key")).hasSize(43);
        assertThat(asset(signed, "/assets?limit=3")).containsKey("data");
        assertThat(asset(signed, "/assets?limit=4").getJsonObject("error").getInt("code"))
                .isEqualTo(401);

        // The provider is asked whether it lives, with a signature too.
        String report = "{\"status\":202,\"body\":{\"error\":{\"code\":401}}}";
        JsonObject lives = Api.json(BOT.send("POST", "/grants/" + grant + "/rejected", report));
        assertThat(lives.getJsonObject("grant").getString("status")).isEqualTo("active");
        revokeAtMixin("11111111-0000-4000-8000-000000000010");
        assertThat(BOT.get("/proxy/mixin-keys/" + subject + "/me").body()).contains("401");
        Patience.until(
                () -> Api.json(BOT.send("POST", "/grants/" + grant + "/rejected", report))
                        .getJsonObject("grant")
                        .getString("status"),
                status -> status.equals("revoked"));
        assertThat(signature(BOT, grant, "{\"method\":\"GET\",\"path\":\"/me\"}", 409)
                        .getString("type"))
                .endsWith(":grant-not-active");
        assertThat(BOT.access("mixin-keys", subject).getString("status")).isEqualTo("revoked");
    }

    @Test
    @DisplayName("2.20 Who may have a call signed, what is wrong with a request, and that nothing of it is kept")
    void signsForWhoeverMayHaveTheTokenAndWhatIsWellFormed() throws Exception {
        new Visitor().finish(BOT.link("mixin-keys", subject), SandboxAccount.ALICE);
        String grant = BOT.grant("mixin-keys", subject).getString("id");
        String call = "{\"method\":\"GET\",\"path\":\"/me\"}";

        signature(Api.withKey("proxy-only"), grant, call, 403);
        signature(Api.withKey("other-only"), grant, call, 404);
        signature(BOT, "nobodys", call, 404);
        Api again = BOT.with("Idempotency-Key", UUID.randomUUID().toString());
        assertThat(signature(again, grant, call, 200)).isNotEqualTo(signature(again, grant, call, 200));
        String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        signature(BOT, grant, "{\"method\":\"GET\",\"path\":\"/me\",\"body_sha256\":\"" + empty + "\"}", 200);
        for (String[] wrong : List.of(
                new String[] {"{\"path\":\"/me\"}", "method"},
                new String[] {"{\"method\":\"get\",\"path\":\"/me\"}", "method"},
                new String[] {"{\"method\":\"GET\"}", "path"},
                new String[] {"{\"method\":\"GET\",\"path\":\"me\"}", "path"},
                new String[] {"{\"method\":\"GET\",\"path\":\"//evil.example/me\"}", "path"},
                new String[] {"{\"method\":\"GET\",\"path\":\"/me#x\"}", "path"},
                new String[] {"{\"method\":\"GET\",\"path\":\"/me?x=%zz\"}", "path"},
                new String[] {"{\"method\":\"POST\",\"path\":\"/me\",\"body\":1}", "body"},
                new String[] {
                    "{\"method\":\"POST\",\"path\":\"/me\",\"body_sha256\":\"" + "0".repeat(64) + "\"}", "body"
                },
                new String[] {
                    "{\"method\":\"POST\",\"path\":\"/me\",\"body\":\"x\",\"body_sha256\":\"" + empty + "\"}",
                    "body_sha256"
                })) {
            assertThat(signature(BOT, grant, wrong[0], 400).getString("field")).isEqualTo(wrong[1]);
        }
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        String bearer = BOT.grant("demo-mixin", subject).getString("id");
        assertThat(signature(BOT, bearer, call, 409).getString("type")).endsWith(":not-signing");
    }

    private static JsonObject signature(Api bot, String grant, String call, int status) throws Exception {
        Reply reply = bot.send("POST", "/grants/" + grant + "/signature", call);
        assertThat(reply.status()).as(call + reply.body()).isEqualTo(status);
        return Api.json(reply);
    }

    private static JsonObject asset(JsonObject signed, String path) throws Exception {
        return Api.json(Http.at(Deployments.base())
                .with("Authorization", signed.getString("authorization"))
                .with("X-Request-Id", signed.getString("request_id"))
                .get("/sandbox/at/mixin" + path));
    }

    private static void revokeAtMixin(String clientId) throws Exception {
        new Visitor()
                .post(
                        "/sandbox/at/mixin/authorizations",
                        Map.of("account", SandboxAccount.ALICE.id, "client_id", clientId, "decision", "revoke"));
    }

    // What goes through

    @Test
    void theSandboxIsAskedWithTheUsersToken() throws Exception {
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);

        Reply me = BOT.get("/proxy/demo-mixin/" + subject + "/me?fields=all");

        assertThat(me.status()).as(me.body()).isEqualTo(200);
        assertThat(me.header("Grantbook-Proxied")).isEqualTo("true");
        assertThat(Api.json(me).getJsonObject("data").getString("user_id")).isEqualTo(SandboxAccount.ALICE.id);
        assertThat(me.header("Grantbook-Grant"))
                .isEqualTo(BOT.grant("demo-mixin", subject).getString("id"));
        assertThat(me.body()).doesNotContain(BOT.access("demo-mixin", subject).getString("access_token"));
    }

    @Test
    void whoeverUsesTheTokenUnseenMayReportWhatTheProviderSaid() throws Exception {
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        Api bot = Api.withKey("proxy-only");
        String grant = bot.get("/proxy/demo-mixin/" + subject + "/me").header("Grantbook-Grant");
        String report = "{\"status\":500,\"body\":{}}";

        Reply answer = bot.send("POST", "/grants/" + grant + "/rejected", report);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(Api.withKey("status-only")
                        .send("POST", "/grants/" + grant + "/rejected", report)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void pathQueryHeadersAndBodyGoThroughAndTheBotsOwnStay() throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied("a/b%20c;d=e?x=1%2F2&y")
                .method("PATCH", BodyPublishers.ofString("{\"a\":1}"))
                .header("Content-Type", "application/merge-patch+json")
                .header("Idempotency-Key", "pay-once")
                .header("X-Custom", "kept")
                .header("Cookie", "session=bot")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("Forwarded", "for=192.0.2.1"));

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        Asked asked = asked();
        assertThat(asked.method()).isEqualTo("PATCH");
        assertThat(asked.uri()).isEqualTo("/api/a/b%20c;d=e?x=1%2F2&y");
        assertThat(asked.length()).isEqualTo(7);
        assertThat(asked.header("Authorization")).isEqualTo("Bearer access-1-" + subject);
        assertThat(asked.header("Content-type")).isEqualTo("application/merge-patch+json");
        assertThat(asked.header("Idempotency-key")).isEqualTo("pay-once");
        assertThat(asked.header("X-custom")).isEqualTo("kept");
        assertThat(asked.headers()).doesNotContainKeys("Cookie", "X-forwarded-for", "Forwarded");
        assertThat(reply.headers().map()).doesNotContainKey("set-cookie");
        assertThat(reply.headers().firstValue("x-provider")).hasValue("yes");
        assertThat(reply.headers().allValues("grantbook-grant"))
                .containsExactly(BOT.grant("standard", subject).getString("id"));
        assertThat(reply.headers().allValues("cache-control")).containsExactly("no-store");
    }

    @ParameterizedTest
    @DisplayName("3.3 The query goes through as it came")
    @ValueSource(
            strings = {
                "$filter=name%20eq%20'x'&$top=1",
                "a[]=1&b[0]=x;y&c=1;d=2",
                "a=+&b=%2B&c=%2b&d=%7Bx%7D&e=a/b?c:@!*(),~",
                "flag&=&empty=&&a=1&a=2",
                "%C3%A9=%E2%82%AC"
            })
    void theQueryGoesThroughAsItCame(String query) throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied("q?" + query));

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(asked().uri()).isEqualTo("/api/q?" + query);
    }

    @Test
    @DisplayName("3.2 DELETE goes through with its body over HTTP/1.1")
    void deleteGoesThroughWithItsBody() throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied("contents/a.txt")
                .version(HttpClient.Version.HTTP_1_1)
                .method("DELETE", BodyPublishers.ofString("{\"sha\":\"1\"}"))
                .header("Content-Type", "application/json"));

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        Asked asked = asked();
        assertThat(asked.method()).isEqualTo("DELETE");
        assertThat(asked.length()).isEqualTo(11);
    }

    @Test
    void aFormIsABodyLikeAnyOther() throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied("form")
                .POST(BodyPublishers.ofString("a=1&b=2"))
                .header("Content-Type", "application/x-www-form-urlencoded"));

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(asked().length()).isEqualTo(7);
    }

    @Test
    @DisplayName("2.6 Encoded bodies go through the proxy as they are, with the headers that say so")
    void encodedBodiesGoThroughAsTheyAre() throws Exception {
        grant();

        HttpResponse<byte[]> reply = CLIENT.send(
                proxied("zipped").header("Accept-Encoding", "gzip, br").build(), BodyHandlers.ofByteArray());

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(asked().header("Accept-encoding")).isEqualTo("gzip, br");
        assertThat(reply.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(reply.body()).isEqualTo(ZIPPED);
    }

    @Test
    void theSecondAddressOfTheApiIsChosenByItsName() throws Exception {
        grant();
        String files = rotation().address() + "/files";

        assertThat(send(proxied("x").header("Grantbook-Api", files)).statusCode())
                .isEqualTo(200);
        assertThat(asked().uri()).isEqualTo("/files/x");
    }

    @Test
    void whateverTheProviderSaysIsPassedOn() throws Exception {
        grant();

        HttpResponse<String> notFound = send(proxied("status/404"));
        HttpResponse<String> head = send(proxied("status/404").method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> empty = send(proxied("status/204"));
        HttpResponse<String> redirect = send(proxied("redirect"));

        assertThat(notFound.statusCode()).isEqualTo(404);
        assertThat(notFound.body()).isEmpty();
        assertThat(notFound.headers().firstValue("Grantbook-Proxied")).hasValue("true");
        assertThat(head.statusCode()).isEqualTo(404);
        assertThat(head.headers().firstValue("Grantbook-Proxied")).hasValue("true");
        assertThat(empty.statusCode()).isEqualTo(204);
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location")).hasValue("http://127.0.0.1:1/steal");
    }

    // Keys that may not have tokens

    @Test
    @DisplayName("3.4 The token of the call comes back to no key that may not have it")
    void aTokenThatTheProviderRepeatsIsWithheld() throws Exception {
        grant();
        String token = "access-1-" + subject;

        HttpResponse<String> withheld = CLIENT.send(
                HttpRequest.newBuilder(proxied("repeats").build().uri())
                        .header("Authorization", "Bearer " + Secrets.noted("key-proxy-only"))
                        .header("Accept-Encoding", "gzip, br")
                        .header("Range", "bytes=0-4")
                        .build(),
                BodyHandlers.ofString());
        Asked asked = asked();
        HttpResponse<String> shown = send(proxied("repeats"));

        assertThat(withheld.statusCode()).isEqualTo(200);
        assertThat(withheld.body()).isEqualTo("{\"token\":\"redacted\",\"again\":\"redacted\",\"kept\":1}");
        assertThat(withheld.headers().map().toString()).contains("redacted").doesNotContain(subject);
        assertThat(withheld.headers().firstValue("Link"))
                .hasValue("<https://api.example/next?token=redacted>; rel=\"next\"");
        assertThat(asked.headers()).doesNotContainKey("Range");
        assertThat(asked.header("Accept-encoding")).isEqualTo("identity");
        assertThat(shown.body()).contains(token);
        assertThat(shown.headers().firstValue("X-Token")).hasValue(token);
    }

    // Who may

    @Test
    void withoutAGrantTheAnswerIsThatOfAccessWithALink() throws Exception {
        Reply reply = BOT.get("/proxy/standard/" + subject + "/x");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.headers().firstValue("Grantbook-Proxied")).isEmpty();
        JsonObject problem = Api.json(reply);
        assertThat(problem.getString("type")).isEqualTo("urn:grantbook:problem:access-needed");
        JsonObject access = problem.getJsonObject("access");
        assertThat(access.getString("status")).isEqualTo("not_authorized");
        assertThat(access.getJsonObject("link").getString("url")).contains("/connect/");
        assertThat(asks()).isEmpty();
    }

    @Test
    void aGrantThatIsNotEnoughForTheFeatureIsNotUsed() throws Exception {
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "ASSETS:READ");

        HttpResponse<String> reply = send(
                HttpRequest.newBuilder(URI.create(Deployments.base() + "/api/v1/proxy/demo-mixin/" + subject + "/me"))
                        .header("Authorization", "Bearer key-all")
                        .header("Grantbook-Features", "portfolio"));

        assertThat(reply.statusCode()).isEqualTo(409);
        assertThat(reply.body()).contains("\"missing_scopes\"").doesNotContain("access_token");
    }

    @Test
    void aKeyNeedsThePermissionAndTheConnector() throws Exception {
        grant();
        Reply proxied = Api.withKey("proxy-only").get("/proxy/standard/" + subject + "/x");

        assertThat(proxied.status()).as("without ever having the token").isEqualTo(200);
        assertThat(Api.withKey("no-token")
                        .get("/proxy/standard/" + subject + "/x")
                        .status())
                .isEqualTo(403);
        assertThat(Api.withKey("other-only")
                        .get("/proxy/standard/" + subject + "/x")
                        .status())
                .isEqualTo(403);
        Reply none = Api.withKey("proxy-only").get("/proxy/standard/nobody/x");
        assertThat(Api.json(none).getJsonObject("access").containsKey("link"))
                .as("a link needs the permission to invite")
                .isFalse();
    }

    @Test
    void theTokenIsShownToNobodyElse() throws Exception {
        grant();

        HttpResponse<String> host = send(proxied("x").header("Grantbook-Api", "https://evil.example"));
        assertThat(host.statusCode()).isEqualTo(400);
        assertThat(host.body()).contains("Grantbook-Api");
        for (String path : List.of("%252e%252e/default/token", "..;/default/token", "a%252fb")) {
            HttpResponse<String> reply = send(proxied(path));
            assertThat(reply.statusCode()).as(path).isEqualTo(400);
        }
        assertThat(asks()).isEmpty();
    }

    // Whose

    @Test
    void aSubjectThatNoPathCanHaveIsLikeAnyOther() throws Exception {
        String odd = "users/" + subject;
        grant(odd);

        HttpResponse<String> reply = send(call("standard/-/x").header("Grantbook-Subject", "users%2F" + subject));
        Reply told = BOT.get("/subjects?connector=standard&subject=users%2F" + subject);
        Reply erased = BOT.send("DELETE", "/subjects?connector=standard&subject=users/" + subject, "");
        Reply after = BOT.get("/subjects?subject=" + odd);

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(ASKED)
                .filteredOn(asked -> asked.header("Authorization").equals("Bearer access-1-" + odd))
                .singleElement()
                .satisfies(asked -> assertThat(asked.headers()).doesNotContainKey("Grantbook-subject"));
        assertThat(Api.json(told).getString("subject")).isEqualTo(odd);
        assertThat(Api.json(told).getJsonArray("grants")).hasSize(1);
        assertThat(Api.json(erased).getInt("erased")).isPositive();
        assertThat(Api.json(after).getJsonArray("grants")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void dotsAreASubjectToo(String dots) throws Exception {
        HttpResponse<String> reply = send(call("standard/-/x").header("Grantbook-Subject", dots));
        Reply told = BOT.get("/subjects?subject=" + dots);

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(409);
        assertThat(reply.body()).contains("\"subject\":\"" + dots + "\"");
        assertThat(Api.json(told).getString("subject")).isEqualTo(dots);
    }

    @Test
    void aSubjectThatCanMeanTwoThingsIsNamed() throws Exception {
        HttpResponse<String> broken = send(call("standard/-/x").header("Grantbook-Subject", "users%2"));
        HttpResponse<String> two = send(proxied("x").header("Grantbook-Subject", "users%2F1"));
        Reply notText = BOT.get("/subjects?subject=%FF");
        Reply nobody = BOT.send("DELETE", "/subjects?connector=standard", "");

        assertThat(List.of(broken, two)).allSatisfy(reply -> {
            assertThat(reply.statusCode()).isEqualTo(400);
            assertThat(reply.body()).contains("\"field\":\"Grantbook-Subject\"");
        });
        assertThat(List.of(notText, nobody)).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(Api.json(reply).getString("field")).isEqualTo("subject");
        });
        assertThat(asks()).isEmpty();
    }

    @Test
    void whatTheConnectorDoesNotKnowIsNamed() throws Exception {
        Reply unknown = BOT.get("/proxy/unknown/" + subject + "/x");
        HttpResponse<String> feature = send(proxied("x").header("Grantbook-Features", "mail, nonsense"));

        assertThat(Api.json(unknown).getString("field")).isEqualTo("connector");
        assertThat(feature.statusCode()).isEqualTo(400);
        assertThat(feature.body()).contains("features.1");
    }

    // A refused token

    @Test
    void aRefusedTokenIsReplacedAndTheCallMadeOnceMore() throws Exception {
        grant();
        tokensCameLongAgo();
        DEAD_TOKENS.add("access-1-" + subject);

        HttpResponse<String> reply = send(proxied("guarded"));

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(asks().stream().map(asked -> asked.header("Authorization")).toList())
                .containsExactly("Bearer access-1-" + subject, "Bearer access-2-" + subject);
    }

    @Test
    void aCallThatMustNotBeRepeatedIsNotAndTheNextOneWorks() throws Exception {
        grant();
        tokensCameLongAgo();
        DEAD_TOKENS.add("access-1-" + subject);

        HttpResponse<String> first = send(proxied("guarded").POST(BodyPublishers.ofString("pay")));
        HttpResponse<String> second = send(proxied("guarded").POST(BodyPublishers.ofString("pay")));

        assertThat(first.statusCode()).isEqualTo(401);
        assertThat(first.headers().firstValue("Grantbook-Proxied")).hasValue("true");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(asks()).hasSize(2);
    }

    @Test
    void aProviderThatRefusesEveryTokenIsAskedTwiceAtMost() throws Exception {
        grant();
        tokensCameLongAgo();
        DEAD_TOKENS.add("access-1-" + subject);
        DEAD_TOKENS.add("access-2-" + subject);

        assertThat(send(proxied("guarded")).statusCode()).isEqualTo(401);
        assertThat(send(proxied("guarded")).statusCode()).isEqualTo(401);
        assertThat(asks()).hasSize(3);
        assertThat(rotation().spent(subject)).hasSize(1);
    }

    @Test
    @DisplayName("2.21 A challenge names what is missing, and the answer brings the link that asks for it")
    void aChallengeBringsTheLinkThatAsksForWhatIsMissing() throws Exception {
        grant();
        tokensCameLongAgo();
        String granted = String.join(
                " ",
                BOT.access("standard", subject).getJsonArray("granted").getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList());

        HttpResponse<String> reply = send(proxied("challenged"));

        assertThat(reply.statusCode()).isEqualTo(403);
        assertThat(reply.headers().firstValue("WWW-Authenticate")).hasValue(CHALLENGE);
        assertThat(reply.headers().firstValue("Grantbook-Missing")).hasValue("files:write");
        assertThat(asks()).as("no other token helps").hasSize(1);
        String link = reply.headers().firstValue("Grantbook-Link").orElseThrow();
        assertThat(Objects.requireNonNull(leavingBy(link).get("scope")).split(" "))
                .contains("files:write")
                .contains(granted.split(" "));
    }

    @Test
    @DisplayName("2.21 A reply with a challenge is here whole before anybody is asked what it means")
    void aChallengeIsReadToItsEndFirst() throws Exception {
        grant();
        tokensCameLongAgo();

        HttpResponse<String> reply = send(proxied("challenged/broken"));

        assertThat(reply.statusCode()).as("of a reply that broke off").isEqualTo(502);
        assertThat(reply.headers().map()).doesNotContainKey("Grantbook-Proxied");
        assertThat(reply.body()).contains("broke off");
    }

    @Test
    @DisplayName("2.21 A bot that reports the challenge gets the meaning, the scopes and the link")
    void aReportedChallengeBringsTheLinkToo() throws Exception {
        grant();
        String path = "/grants/" + BOT.grant("standard", subject).getString("id") + "/rejected";
        String report = Json.createObjectBuilder()
                .add("status", 401)
                .add("headers", Json.createObjectBuilder().add("WWW-Authenticate", CHALLENGE))
                .build()
                .toString();

        JsonObject told = Api.json(BOT.send("POST", path, report));
        JsonObject withoutInvite = Api.json(Api.withKey("proxy-only").send("POST", path, report));

        assertThat(told.getString("meaning")).isEqualTo("scope_missing");
        assertThat(told.getJsonArray("missing")).hasToString("[\"files:write\"]");
        assertThat(told.getJsonObject("grant").getString("status")).isEqualTo("active");
        assertThat(leavingBy(told.getJsonObject("link").getString("url")).get("scope"))
                .contains("files:write");
        assertThat(withoutInvite).doesNotContainKey("link");
    }

    /** The authorization request that a link leads to. */
    private static Parameters leavingBy(String link) throws Exception {
        var visitor = new Visitor();
        Reply leaving = visitor.submit(visitor.get(link), "Continue to OAuth 2.0");
        return Parameters.parse(URI.create(leaving.location()).getRawQuery());
    }

    // Limits

    @Test
    void aLongBodyWithinTheLimitArrivesWhole() throws Exception {
        grant();
        byte[] body = new byte[LARGEST];

        assertThat(send(proxied("x").PUT(BodyPublishers.ofByteArray(body))).statusCode())
                .isEqualTo(200);
        assertThat(send(proxied("x").PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
                        .statusCode())
                .isEqualTo(200);
        assertThat(asks().stream().map(Asked::length).toList()).containsExactly(LARGEST, LARGEST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyOverTheLimitIsRefused(boolean announced) throws Exception {
        grant();
        byte[] body = new byte[LARGEST + 1];

        HttpResponse<String> reply = send(proxied("x")
                .POST(
                        announced
                                ? BodyPublishers.ofByteArray(body)
                                : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertThat(reply.statusCode()).isEqualTo(413);
        assertThat(reply.body()).contains("urn:grantbook:problem:too-large");
        assertThat(asks()).isEmpty();
    }

    /** Nobody takes the beginning for the whole. */
    @ParameterizedTest
    @ValueSource(strings = {"large/announced", "large/chunked", "stalls"})
    void aReplyOverALimitIsRefused(String path) throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied(path));

        assertThat(reply.statusCode()).isEqualTo(502);
        assertThat(reply.headers().firstValue("Grantbook-Proxied")).isEmpty();
    }

    @Test
    void aReplyWithinTheLimitIsWhole() throws Exception {
        grant();

        HttpResponse<String> reply = send(proxied("whole"));

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).hasSize(LARGEST);
    }

    @Test
    void aSlowProviderIsNotWaitedFor() throws Exception {
        grant();

        HttpResponse<String> silent = send(proxied("silent"));

        assertThat(silent.statusCode()).isEqualTo(504);
        assertThat(silent.body()).contains("urn:grantbook:problem:provider-too-slow");
    }

    @Test
    void aProviderThatHangsKeepsAsManyCallsAsItsConnectorMayHave() throws Exception {
        grant();
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        HttpRequest call = proxied("silent").build();
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();

        List<HttpResponse<String>> refused = Patience.until(
                () -> {
                    calls.add(CLIENT.sendAsync(call, BodyHandlers.ofString()));
                    return calls.stream()
                            .filter(CompletableFuture::isDone)
                            .map(CompletableFuture::join)
                            .filter(reply -> reply.statusCode() == 503)
                            .toList();
                },
                replies -> replies.size() >= 2);
        Reply elsewhere = BOT.get("/proxy/demo-mixin/" + subject + "/me");

        assertThat(refused).allSatisfy(reply -> {
            assertThat(reply.body()).contains("urn:grantbook:problem:proxy-busy");
            assertThat(reply.headers().firstValue("Retry-After")).contains("1");
        });
        assertThat(elsewhere.status()).as(elsewhere.body()).isEqualTo(200);
        List<Integer> statuses = calls.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::statusCode)
                .toList();
        assertThat(statuses).containsOnly(503, 504);
        assertThat(asks()).as("nothing else was sent").hasSize(Collections.frequency(statuses, 504));
        Patience.until(() -> send(proxied("whole")).statusCode(), status -> status == 200);
    }

    // The provider

    private static void api(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            ASKED.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body.length));
            String path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().add("Set-Cookie", "session=provider");
            exchange.getResponseHeaders().add("X-Provider", "yes");
            exchange.getResponseHeaders().add("Grantbook-Grant", "somebody else's");
            exchange.getResponseHeaders().add("Cache-Control", "public");
            String bearer =
                    exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            switch (path.replaceFirst("^/api/", "")) {
                case "status/404" -> exchange.sendResponseHeaders(404, -1);
                case "status/204" -> exchange.sendResponseHeaders(204, -1);
                case "redirect" -> {
                    exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/steal");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "challenged" -> {
                    exchange.getResponseHeaders().add("WWW-Authenticate", CHALLENGE);
                    exchange.sendResponseHeaders(403, -1);
                }
                case "challenged/broken" -> {
                    exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
                    exchange.sendResponseHeaders(403, 100);
                    exchange.getResponseBody().write(new byte[10]);
                }
                case "guarded" -> exchange.sendResponseHeaders(DEAD_TOKENS.contains(bearer) ? 401 : 200, -1);
                case "repeats" -> repeat(exchange, bearer);
                case "large/announced" -> write(exchange, LARGEST + 1, LARGEST + 1);
                case "large/chunked" -> write(exchange, 0, LARGEST + 1);
                case "zipped" -> {
                    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, ZIPPED.length);
                    exchange.getResponseBody().write(ZIPPED);
                }
                case "whole" -> write(exchange, 0, LARGEST);
                case "silent" -> hold();
                case "stalls" -> {
                    write(exchange, 0, 10);
                    hold();
                }
                default -> write(exchange, 2, 2);
            }
        }
    }

    /** The token in headers, and in a body that comes in two pieces, compressed when that is asked for. */
    private static void repeat(HttpExchange exchange, String token) throws IOException {
        String escaped = token.replace("-", "%2D");
        exchange.getResponseHeaders().add("Link", "<https://api.example/next?token=" + escaped + ">; rel=\"next\"");
        exchange.getResponseHeaders().add("Location", "/next?token=" + token);
        exchange.getResponseHeaders().add("X-Token", token);
        boolean part = exchange.getRequestHeaders().containsKey("Range");
        exchange.sendResponseHeaders(part ? 206 : 200, 0);
        String body = "{\"token\":\"" + token + "\",\"again\":\"" + token.replace("-", "\\u002d") + "\",\"kept\":1}";
        byte[] bytes = (part ? token.substring(0, 5) : body).getBytes(StandardCharsets.US_ASCII);
        int half = bytes.length / 4;
        exchange.getResponseBody().write(bytes, 0, half);
        exchange.getResponseBody().flush();
        exchange.getResponseBody().write(bytes, half, bytes.length - half);
    }

    private static void write(HttpExchange exchange, int announced, int bytes) throws IOException {
        exchange.sendResponseHeaders(200, announced);
        exchange.getResponseBody().write("x".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseBody().flush();
    }

    private static void hold() {
        try {
            assertThat(OVER.await(10, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Helpers

    private void grant() throws Exception {
        grant(subject);
    }

    private static void grant(String who) throws Exception {
        var visitor = new Visitor();
        Reply page = visitor.get(BOT.link("standard", who));
        Reply leaving = visitor.submit(page, "Continue to OAuth 2.0");
        Parameters request = Parameters.parse(URI.create(leaving.location()).getRawQuery());
        Reply back = visitor.get(request.get("redirect_uri") + "?code=code-" + who + "&state=" + request.get("state"));
        assertThat(back.status()).isEqualTo(303);
    }

    /** A token that has only just come is not replaced. */
    private void tokensCameLongAgo() throws SQLException {
        PostgreSql.Database known = PostgreSqlSuite.database();
        try (var connection = DriverManager.getConnection(known.url(), known.user(), known.password());
                var statement = connection.prepareStatement(
                        "UPDATE user_grant SET refreshed_at = now() - INTERVAL '1 hour' WHERE subject = ?")) {
            statement.setString(1, subject);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private HttpRequest.Builder proxied(String path) {
        return call("standard/" + subject + "/" + path);
    }

    private static HttpRequest.Builder call(String target) {
        return HttpRequest.newBuilder(URI.create(Deployments.base() + "/api/v1/proxy/" + target))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer key-all");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** What the provider was asked with this test's tokens. */
    private List<Asked> asks() {
        return new ArrayList<>(ASKED.stream()
                .filter(asked -> asked.header("Authorization").endsWith("-" + subject))
                .toList());
    }

    private Asked asked() {
        assertThat(asks()).hasSize(1);
        return asks().get(0);
    }

    private static Rotation rotation() {
        return Objects.requireNonNull(provider);
    }
}
