package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, what is refused and how, with the sandbox off as in production. */
@ArquillianTest
@RunAsClient
class AccessIT {

    private static final String QUESTION = "{\"connector\":\"demo-mixin\",\"subject\":\"s\"}";

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProductionSuite.war();
    }

    // API keys

    @ParameterizedTest
    @CsvSource({
        "'', api-key-missing",
        "Basic YTpi, api-key-missing",
        "Bearer, api-key-missing",
        "Bearer wrong, api-key-invalid"
    })
    void withoutAKeyNobodyGetsIn(String header, String problem) throws Exception {
        Http caller = header.isEmpty()
                ? Http.at(Deployments.base())
                : Http.at(Deployments.base()).with("Authorization", header);
        for (Reply reply : List.of(
                caller.postJson("/api/v1/access", QUESTION),
                caller.get("/api/v1/grants"),
                caller.get("/api/v1/invitations/x"),
                caller.get("/api/v1/attempts/x"))) {
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(Api.json(reply).getString("type")).isEqualTo("urn:grantbook:problem:" + problem);
        }
    }

    @Test
    void aKeyMayDoWhatItsPermissionsSay() throws Exception {
        JsonObject status = Api.withKey("status-only").access(QUESTION);
        assertThat(status).doesNotContainKey("link").containsKey("missing");
        assertThat(Api.withKey("no-token").access(QUESTION)).containsKey("link");
        assertForbidden(Api.withKey("status-only").send("POST", "/invitations", QUESTION), "permission-missing");
        assertForbidden(Api.withKey("status-only").send("DELETE", "/grants/x", ""), "permission-missing");
    }

    @Test
    void aKeyIsForItsConnectorsOnly() throws Exception {
        Api other = Api.withKey("other-only");
        assertForbidden(other.send("POST", "/access", QUESTION), "connector-not-allowed");
        assertForbidden(other.get("/grants?connector=demo-mixin"), "connector-not-allowed");
        assertForbidden(other.get("/installations?connector=demo-mixin"), "connector-not-allowed");
        String invitation = Api.withKey("all").invite(QUESTION).getString("id");
        assertThat(other.get("/invitations/" + invitation).status()).isEqualTo(404);
    }

    // Requests

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | body",
                "nonsense | body",
                "[] | body",
                "{} | connector",
                "{\"connector\":\"demo-mixin\"} | subject",
                "{\"connector\":\"nobody\",\"subject\":\"s\"} | connector",
                "{\"connector\":1,\"subject\":\"s\"} | connector",
                "{\"connector\":\"demo-mixin\",\"subject\":\"\"} | subject",
                "{\"connector\":\"demo-mixin\",\"subject\":\"a\\u0000b\"} | subject",
                "{\"connector\":\"demo-mixin\",\"subject\":null} | subject",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"feature\":[]} | feature",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"features\":\"portfolio\"} | features",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"features\":[\"portfolio\",\"flying\"]} | features.1",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"scopes\":[\"ASSETS:WRITE\"]} | scopes.0",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"scopes\":[\"a b\"]} | scopes.0",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"locale\":\"not a locale\"} | locale",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"return_to\":\"https://evil.example\"} | return_to"
            })
    void whatCannotBeUsedIsRefusedByName(String body, String field) throws Exception {
        Reply reply = Api.withKey("all").send("POST", "/access", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(Api.json(reply).getString("field")).isEqualTo(field);
        assertThat(Api.json(reply).getString("detail")).startsWith(field);
    }

    @Test
    void whatIsTooLongIsToldTheLimit() throws Exception {
        Reply subject = Api.withKey("all")
                .send("POST", "/access", "{\"connector\":\"demo-mixin\",\"subject\":\"" + "s".repeat(256) + "\"}");
        assertThat(subject.status()).isEqualTo(400);
        assertThat(Api.json(subject).getString("detail")).contains("255");
        Reply body = Api.withKey("all").send("POST", "/access", " ".repeat(64 * 1024) + QUESTION);
        assertThat(body.status()).isEqualTo(413);
        assertThat(Api.json(body).getString("detail")).contains("65536");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /access, 405",
        "PUT, /grants, 405",
        "GET, /nothing, 404",
        "GET, /grants/x, 404",
        "GET, /grants?limit=0, 400",
        "GET, /grants?limit=many, 400",
        "GET, /grants?status=dead, 400",
        "GET, /grants?cursor=x, 400",
        "GET, /grants?colour=red, 400",
        "GET, /grants?subject=a&subject=b, 400",
        "GET, /installations?limit=201, 400",
        "GET, /installations?cursor=x, 400",
        "GET, /installations?subject=a, 400",
        "GET, /invitations/x, 404",
        "GET, /attempts/x, 404",
        "DELETE, /grants/x, 404"
    })
    void everyRefusalIsAProblem(String method, String path, int status) throws Exception {
        Reply reply = Api.withKey("all").send(method, path, "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(Api.json(reply).getString("type")).startsWith("urn:grantbook:problem:");
    }

    @Test
    void anotherContentTypeIsRefused() throws Exception {
        Reply reply = Http.at(Deployments.base())
                .with("Authorization", "Bearer key-all")
                .with("Content-Type", "text/plain")
                .send("POST", "/api/v1/access", QUESTION);
        assertThat(reply.status()).isEqualTo(415);
    }

    @Test
    void theApiIsDescribed() throws Exception {
        Reply reply = Http.at(Deployments.base()).get("/openapi");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .contains(
                        "/api/v1/access",
                        "/api/v1/invitations/{id}",
                        "/api/v1/grants",
                        "missing_scopes",
                        "AccessRequest");
    }

    @ParameterizedTest
    @DisplayName("3.1 /openapi comes in the format that is asked for")
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                                             | application/yaml",
                "application/yaml                                                | application/yaml",
                "application/vnd.oai.openapi, */*;q=0.1                          | application/vnd.oai.openapi",
                "application/json                                                | application/json",
                "application/json, */*;q=0.8                                     | application/json",
                "text/plain                                                      | text/plain",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/plain",
                "image/png                                                       | application/yaml"
            })
    void theDescriptionComesInTheFormatThatIsAskedFor(String accept, String type) throws Exception {
        Reply reply = Http.at(Deployments.base()).with("Accept", accept).get("/openapi");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith(type + ";charset=UTF-8");
        assertThat(reply.body()).startsWith(type.endsWith("json") ? "{\"openapi\":\"3.1.0\"" : "openapi: 3.1.0\n");
        assertThat(reply.body()).doesNotContain("endpoints:\n", "\"endpoints\":");
    }

    @ParameterizedTest
    @DisplayName("3.1 No client that is in use is told that its format is not available")
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "application/json, text/plain, */*",
                "application/jwk-set+json, application/json",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            })
    void everyClientsFormatIsAvailable(String accept) throws Exception {
        boolean scraper = accept.contains("openmetrics") || accept.contains("protobuf");
        List<String> addresses = scraper
                ? List.of("/api/v1/metrics")
                : List.of(
                        "/api/v1/metrics",
                        "/api/v1/grants",
                        "/api/v1/grants/x",
                        "/api/v1/installations",
                        "/api/v1/deliveries",
                        "/api/v1/subjects/s",
                        "/api/v1/attempts/x",
                        "/api/v1/imports/x",
                        "/openapi",
                        "/health/ready",
                        "/oauth/jwks/demo-mixin",
                        "/oauth/start/demo-mixin",
                        "/oauth/callback/demo-mixin",
                        "/notices/demo-mixin/webhook",
                        "/permissions",
                        "/");
        Http client = Http.at(Deployments.base())
                .with("Authorization", "Bearer " + Secrets.noted("key-all"))
                .with("Accept", accept);

        for (String address : addresses) {
            assertThat(client.get(address).status())
                    .as(address)
                    .isNotEqualTo(406)
                    .isLessThan(500);
        }
        for (String address : List.of("/notices/demo-mixin/deletion", "/notices/demo-mixin/deauthorize")) {
            assertThat(client.postForm(address, Map.of("signed_request", "x.y")).status())
                    .as(address)
                    .isNotEqualTo(406)
                    .isLessThan(500);
        }
    }

    // What holds threads, and what browsers of other sites' cookies send

    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer key-all\r\n";

    @ParameterizedTest(name = "4.1 {0} with Upgrade and a body is refused at once")
    @CsvSource({
        "POST /api/v1/access,               application/json",
        "POST /oauth/start,                 application/x-www-form-urlencoded",
        "POST /sign-in,                     application/x-www-form-urlencoded",
        "PUT /api/v1/proxy/demo-mixin/s/me, application/json",
        "GET /,                             text/plain"
    })
    void anUpgradeWithABodyIsRefused(String request, String type) throws Exception {
        try (Wire wire = Wire.open()) {
            String status = wire.send(request + HEAD + "Connection: Upgrade\r\nUpgrade: zz\r\nContent-Type: " + type
                            + "\r\nContent-Length: 12\r\n\r\ninvitation=x")
                    .status();
            assertThat(status).startsWith("HTTP/1.1 400");
        }
    }

    /** A thread that replies waits no longer for the body. */
    @ParameterizedTest(name = "4.1 {0} replies {2} while its body drips")
    @CsvSource({
        "/api/v1/access, application/json,                  408",
        "/oauth/start,   application/x-www-form-urlencoded, 408",
        "/sign-in,       application/x-www-form-urlencoded, 408",
        "/connect/x,     text/plain,                        405"
    })
    void aBodyThatDripsDoesNotHoldAThread(String address, String type, String status) throws Exception {
        try (Wire wire = Wire.open()) {
            wire.send("POST " + address + HEAD + "Content-Type: " + type + "\r\nContent-Length: 100000\r\n\r\nx=");
            assertThat(Patience.until(wire::isAnswered, answered -> answered)).isTrue();
            assertThat(wire.status()).startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest(name = "4.15 The header {0}: {1} is no reason to refuse a request")
    @CsvSource({
        "Cookie, theme=dunkel; name=Zoë; city=北京",
        "Referer, https://grantbook.example.com/größe",
        "X-Forwarded-User, Zoë",
        "User-Agent, Crawler/1.0 (für alle)"
    })
    void headersMayHaveLettersBeyondAscii(String name, String value) throws Exception {
        try (Wire wire = Wire.open()) {
            assertThat(wire.send("GET /permissions" + HEAD + name + ": " + value + "\r\n\r\n")
                            .status())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @DisplayName("4.15 Control characters in a header are still refused")
    @ValueSource(strings = {"a\u0000b", "a\u0001b", "a\rb", "a\u007fb"})
    void headersHaveNoControlCharacters(String value) throws Exception {
        try (Wire wire = Wire.open()) {
            assertThat(wire.send("GET /permissions" + HEAD + "X-Test: " + value + "\r\n\r\n")
                            .status())
                    .startsWith("HTTP/1.1 400");
        }
    }

    // Pages

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/connect/unknown",
                "/outcome/unknown",
                "/outcome/x",
                "/permissions",
                "/sign-in",
                "/nothing",
                "/oauth/start/nobody",
                "/api/v1/grants",
                "/assets/grantbook.css",
                "/oauth/callback/demo-mixin"
            })
    void everyReplyCarriesTheHeaders(String path) throws Exception {
        Reply reply = Http.at(Deployments.base()).with("Accept", "text/html").get(path);
        assertThat(reply.header("Content-Security-Policy"))
                .contains("frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval");
        assertThat(reply.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(reply.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(reply.header("Strict-Transport-Security")).contains("max-age=");
        assertThat(reply.body()).doesNotContainIgnoringCase("payara").doesNotContain("Exception");
    }

    @ParameterizedTest(name = "4.3 {0} is shown without a session")
    @ValueSource(strings = {"/", "/connect/unknown", "/outcome/unknown", "/permissions", "/linked/unknown", "/sign-in"})
    void pagesForEverybodyMakeNoSession(String path) throws Exception {
        Reply reply = Http.at(Deployments.base()).with("Accept", "text/html").get(path);
        assertThat(reply.body()).contains("<main");
        assertThat(reply.setCookies()).isEmpty();
    }

    @Test
    void linksCarryThePublicAddressWithoutItsStandardPort() throws Exception {
        String link = Api.withKey("all").access(QUESTION).getJsonObject("link").getString("url");
        assertThat(link).startsWith("https://grantbook.example.com/connect/");
        Reply spoofed = Http.at(Deployments.base())
                .with("Authorization", "Bearer key-all")
                .with("X-Forwarded-Host", "evil.example")
                .with("Host", "evil.example")
                .postJson("/api/v1/access", QUESTION);
        assertThat(spoofed.body()).doesNotContain("evil.example");
    }

    @Test
    void overHttpsTheAttemptsCookieCannotBePlanted() throws Exception {
        String link = Api.withKey("all").access(QUESTION).getJsonObject("link").getString("url");
        Reply start = Http.at(Deployments.base())
                .postForm("/oauth/start", Map.of("invitation", link.substring(link.lastIndexOf('/') + 1)));
        assertThat(start.status()).isEqualTo(303);
        assertThat(start.setCookies())
                .singleElement()
                .asString()
                .startsWith("__Host-gb-")
                .contains("Secure")
                .contains("HttpOnly")
                .containsIgnoringCase("SameSite=Lax")
                .containsIgnoringCase("Path=/")
                .doesNotContainIgnoringCase("Domain");
    }

    @Test
    void whatComesFromOutsideIsEscaped() throws Exception {
        String link = Api.withKey("all")
                .access("{\"connector\":\"hostile\",\"subject\":\"<script>alert('subject')</script>\"}")
                .getJsonObject("link")
                .getString("url");
        Reply landing = Http.at(Deployments.base()).get("/connect/" + link.substring(link.lastIndexOf('/') + 1));
        assertThat(landing.status()).isEqualTo(200);
        assertThat(landing.body())
                .doesNotContain("<script>alert")
                .doesNotContain("<img src=x")
                .contains("&lt;script&gt;");
    }

    @Test
    void pagesSpeakTheUsersLanguage() throws Exception {
        Api bot = Api.withKey("all");
        String link = bot.access(QUESTION.replace("}", ",\"locale\":\"zh\"}"))
                .getJsonObject("link")
                .getString("url");
        String token = link.substring(link.lastIndexOf('/') + 1);
        Http english = Http.at(Deployments.base()).with("Accept-Language", "en");
        assertThat(english.get("/connect/" + token).body()).contains("账本机器人", "lang=\"zh");
        String other = bot.access(QUESTION).getJsonObject("link").getString("url");
        String path = "/connect/" + other.substring(other.lastIndexOf('/') + 1);
        assertThat(english.get(path).body()).contains("Ledger Bot", "lang=\"en");
        assertThat(english.with("Accept-Language", "zh-CN").get(path).body()).contains("账本机器人");
        assertThat(english.with("Accept-Language", "sv").get(path).body()).contains("Ledger Bot", "lang=\"en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sandbox",
                "/sandbox/",
                "/sandbox/chat",
                "/sandbox/at/mixin/oauth/authorize",
                "/sandbox/at/mixin/me",
                "/sandbox/at/mixin/authorizations",
                "/sandbox/demo"
            })
    void theSandboxIsNotThere(String path) throws Exception {
        Http anybody = Http.at(Deployments.base());
        assertThat(List.of(anybody.get(path), anybody.postForm(path, Map.of()), anybody.postJson(path, "{}")))
                .extracting(Reply::status)
                .containsOnly(404);
    }

    private static void assertForbidden(Reply reply, String problem) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(403);
        assertThat(Api.json(reply).getString("type")).isEqualTo("urn:grantbook:problem:" + problem);
    }
}
