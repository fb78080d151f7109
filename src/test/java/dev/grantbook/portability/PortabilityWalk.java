package dev.grantbook.portability;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.it.Http;
import dev.grantbook.it.Patience;
import dev.grantbook.it.PostgreSql;
import dev.grantbook.it.Reply;
import dev.grantbook.it.Secrets;
import dev.grantbook.it.Visitor;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Bot;
import dev.grantbook.testing.ConsentingProvider;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What users, bots, administrators and operators do, over HTTP alone and so the same on every server. Pages are used as
 * a browser without scripts uses them. The provider and the bot are the tests' own, because the WAR that is deployed
 * has no sandbox.
 */
final class PortabilityWalk {

    private static final String KEY = "key-of-the-portable-bot-0123456789";
    private static final String PASSWORD = "correct horse battery staple";
    private static final String SUBJECT = "alice";
    private static final String QUESTION = "{\"connector\":\"ledger\",\"subject\":\"alice\"}";

    /** {@code sandbox.enabled} is what allows the provider plain http to this machine. */
    private static final Map<String, String> SETTINGS = Map.of(
            "grantbook.sandbox.enabled", "true",
            "grantbook.admin.password", PASSWORD,
            "grantbook.deliveries.pause", "PT0.5S",
            "grantbook.refresh.round", "PT1S",
            "grantbook.refresh.keep-alive", "PT2S",
            "portable.client-secret", ConsentingProvider.SECRET,
            "portable.deliveries-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private static final String CONNECTORS = """
            connectors:
              ledger:
                name: {en: Ledger Bot, zh: 账本机器人}
                provider: oauth2
                client-id: %s
                client-secret: env:portable.client-secret
                default-scopes: ["PROFILE:READ"]
                endpoints: {authorization: MOCK/authorize, token: MOCK/token, account: MOCK/userinfo}
                api: [MOCK/api]
                deliveries: {url: BOT, secret: "env:portable.deliveries-secret"}
                features:
                  portfolio: {name: Portfolio, reason: To add up what you own., required: ["ASSETS:READ"]}
                  friends: {name: Pay a friend, reason: To let you pick a friend by name., required: ["CONTACTS:READ"]}
            api-keys:
              bot:
                hash: %s
                permissions: [invite, status, token, proxy, metrics]
            """;

    private final Run run;
    private final Path directory;

    private @Nullable Installation installation;
    private @Nullable ConsentingProvider provider;
    private @Nullable Bot bot;
    private @Nullable Visitor administrator;

    /** @param place where the server and its log are kept, in a directory of this run */
    PortabilityWalk(Run run, Path place) {
        this.run = run;
        this.directory = place.resolve(run.toString().replaceAll("[^0-9A-Za-z.]+", "-"));
    }

    List<Step> steps() {
        var steps = new ArrayList<>(List.of(
                new Step("start", this::start),
                new Step("health", this::isHealthy),
                new Step("main job", this::grants),
                new Step("webhook", this::notifies),
                new Step("bot API", this::answersBots),
                new Step("proxy", this::proxies),
                new Step("refresh", this::refreshes),
                new Step("sign-in", this::signsIn),
                new Step("console", this::showsTheConsole),
                new Step("errors", this::refuses)));
        if (run.whole()) {
            steps.add(new Step("restart", this::keepsDataOverARestart));
        }
        steps.add(new Step("log", this::logsNoSecret));
        steps.add(new Step("end", this::end));
        return steps;
    }

    /** Nothing can be walked on a server that did not start. */
    boolean isPossible(Step step) {
        return installation != null
                || step.name().equals("start")
                || step.name().equals("end");
    }

    private void start() throws Exception {
        Installation.delete(directory);
        Files.createDirectories(directory);
        provider = new ConsentingProvider("CONTACTS:READ");
        bot = new Bot();
        Path connectors = directory.resolve("connectors.yaml");
        Files.writeString(
                connectors,
                CONNECTORS
                        .formatted(ConsentingProvider.CLIENT, new Secret(Secrets.noted(KEY)).hash())
                        .replace("MOCK", provider.address())
                        .replace("BOT", bot.url().toString()));
        var settings = new HashMap<>(SETTINGS);
        settings.put("grantbook.data", directory.resolve("data").toString());
        settings.put("grantbook.connectors.file", connectors.toString());
        if (run.postgreSql()) {
            settings.putAll(PostgreSql.fresh().configuration());
        }
        var made = Installation.make(run, directory, settings);
        made.start();
        installation = made;
    }

    private void end() throws IOException {
        if (installation != null) {
            installation.close();
        }
        if (provider != null) {
            provider.close();
        }
        if (bot != null) {
            bot.close();
        }
    }

    private Installation installation() {
        return requireNonNull(installation, "starts first");
    }

    private Http http() {
        return Http.at(installation().base());
    }

    private Http api() {
        return http().with("Authorization", "Bearer " + KEY);
    }

    // Operators

    private void isHealthy() throws Exception {
        for (String address : List.of("/health/live", "/health/ready")) {
            Reply reply = http().get(address);
            assertThat(reply.status()).as(address + reply.body()).isEqualTo(200);
            assertThat(json(reply).getString("status")).isEqualTo("UP");
        }
        assertThat(http().get("/health/ready").body()).contains("database");
        Reply metrics = api().get("/api/v1/metrics");
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.body()).contains("grantbook_deliveries_kept");
    }

    private void keepsDataOverARestart() throws Exception {
        String token = access(QUESTION).getString("access_token");
        installation().stop();
        installation().start();

        JsonObject kept = access(QUESTION);
        assertThat(kept.getString("status")).isEqualTo("authorized");
        assertThat(kept.getString("access_token")).endsWith(owner(token));
        assertThat(page(requireNonNull(administrator, "signs in first"), "/console/grants"))
                .as("the session is kept")
                .contains(SUBJECT);
    }

    private void logsNoSecret() throws IOException {
        assertThat(Secrets.in(installation().log())).isEmpty();
    }

    // Users

    private void grants() throws Exception {
        var user = Visitor.at(installation().base());
        assertThat(page(user, "/")).contains("Grantbook");
        JsonObject question = access(QUESTION);
        assertThat(question.getString("status")).isEqualTo("not_authorized");

        Reply landing = user.get(question.getJsonObject("link").getString("url"));
        assertThat(landing.status()).isEqualTo(200);
        assertThat(landing.body()).contains("Ledger Bot", "To add up what you own.", "Pay a friend");
        Reply partial = follow(user, user.submit(landing, "Continue to OAuth 2.0"));
        assertThat(partial.body()).contains("Portfolio", "Pay a friend", "Allow the rest");
        assertThat(access(QUESTION).getString("status")).isEqualTo("missing_scopes");

        Reply all = follow(user, user.submit(partial, "Allow the rest"));
        assertThat(all.body()).contains("All set").doesNotContain("Allow the rest");
        JsonObject answer = access(QUESTION);
        assertThat(answer.getString("status")).isEqualTo("authorized");
        assertThat(answer.getString("access_token")).startsWith("access-");
        assertThat(page(user, "/permissions")).contains("Ledger Bot");
        Reply chinese = http().with("Accept", "text/html")
                .with("Accept-Language", "zh-CN")
                .get("/permissions");
        assertPage(chinese, "/permissions");
        assertThat(chinese.body()).contains("权限");
        assertThat(http().get("/assets/grantbook.css").header("Content-Type")).startsWith("text/css");
    }

    /** Follows redirects, to the provider and back, until there is a page. */
    private Reply follow(Visitor visitor, Reply first) throws Exception {
        Reply reply = first;
        for (int redirects = 0; redirects < 10 && reply.status() / 100 == 3; redirects++) {
            checkCookies(reply);
            reply = visitor.get(
                    URI.create(installation().base()).resolve(reply.location()).toString());
        }
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply;
    }

    /** Each cookie of ours says once where it goes. */
    private static void checkCookies(Reply reply) {
        for (String cookie : reply.setCookies()) {
            assertThat(cookie.split("(?i)samesite=", -1)).as(cookie).hasSizeLessThanOrEqualTo(2);
        }
    }

    // Bots

    private void notifies() throws Exception {
        Bot told = requireNonNull(bot, "starts first");
        var types = new ArrayList<String>();
        Patience.until(
                () -> {
                    Bot.Message message = told.next();
                    assertThat(message.signature()).startsWith("v1,");
                    assertThat(message.contentType()).startsWith("application/json");
                    types.add(json(message.body()).getString("type"));
                    return types;
                },
                so -> so.containsAll(List.of("grant.created", "grant.shortfall")));
    }

    private void answersBots() throws Exception {
        Reply batch =
                api().postJson("/api/v1/access:batch", "{\"connector\":\"ledger\",\"subjects\":[\"alice\",\"böb 账\"]}");
        assertThat(batch.status()).as(batch.body()).isEqualTo(200);
        assertThat(batch.body()).contains("authorized", "not_authorized", "böb 账");

        Http once = api().with("Idempotency-Key", "portable-1");
        Reply invited = once.postJson("/api/v1/invitations", QUESTION);
        assertThat(invited.status()).as(invited.body()).isEqualTo(201);
        assertThat(once.postJson("/api/v1/invitations", QUESTION).body()).isEqualTo(invited.body());
        String invitation = json(invited).getString("id");
        assertThat(json(api().get("/api/v1/invitations/" + invitation)).getString("status"))
                .isEqualTo("waiting");

        Reply grants = api().get("/api/v1/grants?connector=ledger&subject=alice");
        assertThat(json(grants).getJsonArray("grants")).hasSize(1);
        assertThat(api().get("/api/v1/grants/" + grant()).header("ETag")).isNotEmpty();
        Reply nobody = api().get("/api/v1/grants?connector=ledger&subject=%E8%B4%A6%20%2B%26");
        assertThat(json(nobody).getJsonArray("grants")).isEmpty();
        Reply description = http().with("Accept", "application/json").get("/openapi");
        assertThat(description.body()).contains("missing_scopes");
        assertThat(description.header("Content-Type").replace(" ", ""))
                .isEqualToIgnoringCase("application/json;charset=utf-8");
    }

    private void proxies() throws Exception {
        Reply read = api().get("/api/v1/proxy/ledger/alice/assets?name=%E8%B4%A6%2F%20+");
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertThat(read.header("Grantbook-Proxied")).isNotEmpty();
        assertThat(json(read).getString("sent")).isEqualTo("GET /api/assets?name=%E8%B4%A6%2F%20+");
        Http json = api().with("Content-Type", "application/json");
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            Reply written = json.send(method, "/api/v1/proxy/ledger/alice/a%20b/c", "{\"a\":\"账\"}");
            assertThat(written.status()).as(method + written.body()).isEqualTo(200);
            assertThat(json(written).getString("sent")).isEqualTo(method + " /api/a%20b/c {\"a\":\"账\"}");
        }
        Reply refused = api().get("/api/v1/proxy/ledger/nobody/assets");
        assertProblem(refused, 409, "access-needed");
    }

    /** A token that nobody asks for is kept alive by a job. */
    private void refreshes() throws Exception {
        String token = access(QUESTION).getString("access_token");
        String next = Patience.until(() -> access(QUESTION).getString("access_token"), now -> !now.equals(token));
        assertThat(owner(next)).isEqualTo(owner(token));
    }

    // Administrators

    private void signsIn() throws Exception {
        var visitor = Visitor.at(installation().base());
        Reply ask = visitor.get("/console/grants?q=" + SUBJECT);
        assertThat(ask.location()).contains("/sign-in");
        assertThat(visitor.signIn("admin", "not the password").body()).contains("password");
        Reply welcome = visitor.signIn("admin", PASSWORD);
        assertThat(welcome.status()).as(welcome.body()).isEqualTo(302);
        List<String> cookies = welcome.setCookies().stream()
                .filter(cookie -> cookie.startsWith("grantbook"))
                .toList();
        assertThat(cookies).hasSize(1);
        assertThat(cookies.get(0).split("(?i)samesite=lax", -1))
                .as("one SameSite")
                .hasSize(2);
        assertThat(cookies.get(0)).containsIgnoringCase("httponly");
        administrator = visitor;
    }

    private void showsTheConsole() throws Exception {
        Visitor admin = requireNonNull(administrator, "signs in first");
        for (String address : consolePages()) {
            assertThat(page(admin, address)).as(address).contains("Sign out");
        }
        assertThat(page(admin, "/console/grants")).contains(SUBJECT);

        Reply added = admin.submit(
                admin.get("/console/administrators"), "Add an administrator", Map.of("add:name", List.of("eve")));
        assertThat(follow(admin, added).body()).contains("The password of eve");

        var other = Visitor.at(installation().base());
        other.signIn("admin", PASSWORD);
        other.submit(other.get("/console"), "Sign out");
        assertThat(other.get("/console").location()).contains("/sign-in");
    }

    private List<String> consolePages() throws Exception {
        String grant = grant();
        try (Stream<Path> files = Files.list(Path.of("src/main/webapp/console"))) {
            return files.map(file -> file.getFileName().toString().replace(".xhtml", ""))
                    .filter(view -> !List.of("sign-in", "problem").contains(view))
                    .map(view -> switch (view) {
                        case "index" -> "/console";
                        case "grant" -> "/console/grants/" + grant;
                        case "subject" -> "/console/subject?connector=ledger&subject=" + SUBJECT;
                        default -> "/console/" + view;
                    })
                    .toList();
        }
    }

    // Bad requests

    private void refuses() throws Exception {
        assertProblem(http().get("/nothing"), 404, "not-found");
        assertProblem(api().get("/api/v1/nothing"), 404, "not-found");
        assertProblem(api().get("/api/v1/grants/x"), 404, "unknown-grant");
        assertProblem(http().get("/api/v1/grants"), 401, "api-key-missing");
        assertProblem(api().postJson("/api/v1/access", "{\"connector\":"), 400, "invalid-request");
        assertProblem(api().get("/api/v1/grants?limit=many"), 400, "invalid-request");
        assertProblem(api().send("DELETE", "/api/v1/access", ""), 405, "method-not-allowed");
        Reply text = api().with("Content-Type", "text/plain").send("POST", "/api/v1/access", "x");
        assertProblem(text, 415, "unsupported-media-type");
        for (String address : List.of("/nothing", "/connect/nothing", "/outcome.xhtml")) {
            Reply page = http().with("Accept", "text/html").get(address);
            assertThat(page.status()).as(address).isIn(200, 404);
            assertPage(page, address);
            assertThat(page.body()).as(address).contains("grantbook.css");
        }
        // Some servers refuse it before any application, with a page of their own.
        assertThat(http().get("/WEB-INF/web.xml").status()).isEqualTo(404);
    }

    private static void assertProblem(Reply reply, int status, String slug) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(json(reply).getString("type")).isEqualTo("urn:grantbook:problem:" + slug);
    }

    private String page(Visitor visitor, String address) throws Exception {
        Reply reply = visitor.get(address);
        assertThat(reply.status()).as(address + reply.body()).isEqualTo(200);
        assertPage(reply, address);
        return reply.body();
    }

    private static void assertPage(Reply reply, String address) {
        assertThat(reply.header("Content-Type").replace(" ", ""))
                .as(address)
                .isEqualToIgnoringCase("text/html;charset=utf-8");
    }

    private JsonObject access(String question) throws Exception {
        Reply reply = api().postJson("/api/v1/access", question);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return json(reply);
    }

    private String grant() throws Exception {
        return json(api().get("/api/v1/grants?connector=ledger&subject=" + SUBJECT))
                .getJsonArray("grants")
                .getJsonObject(0)
                .getString("id");
    }

    /** Of a token, which names its user behind the last dash. */
    private static String owner(String token) {
        return token.substring(token.lastIndexOf('-'));
    }

    private static JsonObject json(Reply reply) {
        return json(reply.body());
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
