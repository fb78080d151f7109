package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The whole walk at every provider of the catalogue. The sandbox's dialects were written from what the providers
 * document, and know nothing of our descriptors: a row passes when the two agree.
 */
@ArquillianTest
@RunAsClient
class ProvidersIT {

    private static final Api BOT = Api.withKey("all");

    /** One block for each provider. */
    static final List<Walk> ROWS = List.of(
            Walk.at("discord", "Discord")
                    .as("7000100001")
                    .asking("/api/oauth2/@me", "\"username\":\"alice\"", "\"code\":50025")
                    .toldOfTheEnd(),
            Walk.at("entra", "Microsoft")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/v1.0/me", "\"displayName\":\"Alice\"", "InvalidAuthenticationToken"),
            Walk.at("github", "GitHub")
                    .as("7000100001")
                    .asking("/user", "\"login\":\"alice\"", "Bad credentials")
                    .toldOfTheEnd(),
            Walk.at("google", "Google")
                    .unticking("https://www.googleapis.com/auth/calendar.readonly")
                    .as("100000000007000100001")
                    .asking("/v1/userinfo", "\"name\":\"Alice\"", "Invalid Credentials")
                    .toldOfTheEnd(),
            Walk.at("intercom", "Intercom")
                    .as("sandbox/7000100001")
                    .asking("/me", "alice@example.com", "Access Token Invalid"),
            Walk.at("kakao", "Kakao")
                    .unticking("friends")
                    .as("7000100001")
                    .asking("/v2/user/me", "\"nickname\":\"Alice\"", "\"code\":-401")
                    .toldOfTheEnd(),
            Walk.at("line", "LINE")
                    .unticking("phone")
                    .as("Ua11ce000000040008000000000000001")
                    .asking("/v2/profile", "\"displayName\":\"Alice\"", "invalid token")
                    .toldOfTheEnd(),
            Walk.at("mixin", "Mixin Messenger")
                    .unticking("SNAPSHOTS:READ")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/me", SandboxAccount.ALICE.id, "\"code\":401"),
            Walk.at("oauth2", "OAuth 2.0")
                    .unticking("mail.send")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/userinfo", SandboxAccount.ALICE.id, "invalid_token")
                    .toldOfTheEnd(),
            Walk.at("oidc", "OpenID Connect")
                    .unticking("email")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/userinfo", SandboxAccount.ALICE.id, "invalid_token")
                    .toldOfTheEnd(),
            Walk.at("slack", "Slack")
                    .as("T0SANDBOX/U7000100001")
                    .asking("/api/auth.test", "\"team_id\":\"T0SANDBOX\"", "invalid_auth")
                    .toldOfTheEnd(),
            Walk.at("telegram", "Telegram").as("7000100001"),
            Walk.at("xeno", "Xeno")
                    .unticking("widgets")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/api/me", SandboxAccount.ALICE.id, "invalid_token"),
            Walk.at("zoom", "Zoom")
                    .unticking("meeting:write:meeting")
                    .as(SandboxAccount.ALICE.id)
                    .asking("/v2/users/me", SandboxAccount.ALICE.id, "\"code\":124")
                    .toldOfTheEnd());

    /** Where a token is good for something that can be asked. */
    static final List<Walk> ROWS_WITH_API =
            ROWS.stream().filter(row -> !row.whoAmI().isEmpty()).toList();

    /** In {@link FacebookIT}, with its Pages. */
    private static final Set<String> WALKED_ELSEWHERE = Set.of("facebook");

    private final Visitor visitor = new Visitor();

    /** A subject of its own for every test. */
    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProvidersSuite.war();
    }

    @Test
    void everyProviderOfTheCatalogueHasARow() throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/catalogue"))) {
            Set<String> catalogue = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .collect(Collectors.toSet());
            Set<String> walked = Stream.concat(ROWS.stream().map(Walk::provider), WALKED_ELSEWHERE.stream())
                    .collect(Collectors.toSet());

            assertThat(walked).isEqualTo(catalogue);
        }
    }

    @ParameterizedTest
    @FieldSource("ROWS")
    void theUserUnticksAPermissionIsToldAndAllowsTheRest(Walk row) throws Exception {
        JsonObject first = BOT.access(row.provider(), subject);
        assertThat(first.getString("status")).isEqualTo("not_authorized");
        String link = first.getJsonObject("link").getString("url");

        if (row.unticked() != null) {
            Reply outcome = arrive(visitor.allow(leave(row, link), SandboxAccount.ALICE, row.unticked()));
            JsonObject second = BOT.access(row.provider(), subject);
            assertThat(second.getString("status")).isEqualTo("missing_scopes");
            assertThat(missing(second)).containsExactly(row.unticked());
            assertThat(second).doesNotContainKey("access_token");
            arrive(visitor.allow(visitor.submit(outcome, "Allow the rest").location(), SandboxAccount.ALICE));
        } else {
            arrive(visitor.allow(leave(row, link), SandboxAccount.ALICE));
        }

        JsonObject last = BOT.access(row.provider(), subject);
        assertThat(last.getString("status")).as(last.toString()).isEqualTo("authorized");
        assertThat(missing(last)).isEmpty();
        assertThat(last.getJsonObject("account").getString("id")).isEqualTo(row.account());
        if (ROWS_WITH_API.contains(row)) {
            assertThat(whoAmI(row, last)).contains(row.alive());
        }
    }

    @ParameterizedTest
    @FieldSource("ROWS")
    void whoeverRefusesSharesNothing(Walk row) throws Exception {
        Reply callback = visitor.refuse(leave(row, BOT.link(row.provider(), subject)));
        assertThat(query(callback).get("error")).isEqualTo("access_denied");

        assertThat(arrive(callback).status()).isEqualTo(200);
        assertThat(BOT.grants(row.provider(), subject).getJsonArray("grants")).isEmpty();
        assertThat(BOT.access(row.provider(), subject).getString("status")).isEqualTo("not_authorized");
    }

    @ParameterizedTest
    @FieldSource("ROWS_WITH_API")
    void whatTheUserRevokesAtTheProviderIsDead(Walk row) throws Exception {
        JsonObject authorized = connect(row);
        String clientId = query(visitor.submit(
                        visitor.get(BOT.invite(question(row)).getString("url")), "Continue to " + row.name()))
                .get("client_id");

        Reply done = visitor.post(
                row.home() + "/authorizations",
                Map.of("account", SandboxAccount.ALICE.id, "client_id", String.valueOf(clientId)));

        assertThat(done.status()).isEqualTo(303);
        assertThat(whoAmI(row, authorized)).contains(row.dead()).doesNotContain(row.alive());
    }

    @ParameterizedTest
    @FieldSource("ROWS_WITH_API")
    void aBotThatReportsTheRefusalOfADeadTokenLearnsThatTheGrantHasEnded(Walk row) throws Exception {
        JsonObject authorized = connect(row);
        String clientId = query(visitor.submit(
                        visitor.get(BOT.invite(question(row)).getString("url")), "Continue to " + row.name()))
                .get("client_id");
        visitor.post(
                row.home() + "/authorizations",
                Map.of("account", SandboxAccount.ALICE.id, "client_id", String.valueOf(clientId)));

        JsonObject told = rejected(row, ask(row, authorized));

        assertThat(told.getString("meaning")).isEqualTo("dead");
        assertThat(told.getJsonObject("grant").getString("status")).isEqualTo("revoked");
        assertThat(told.getJsonObject("grant").getString("reason")).isEqualTo("token_rejected");
        JsonObject answer = BOT.access(row.provider(), subject);
        assertThat(answer.getString("status")).isEqualTo("revoked");
        assertThat(answer.getString("reason")).isEqualTo("token_rejected");
    }

    @Test
    void aBotThatReportsAMissingScopeLearnsWhichOneAndKeepsItsGrant() throws Exception {
        Walk slack = row("slack");
        connect(slack);

        JsonObject told =
                rejected(slack, 200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"channels:history\"}");

        assertThat(told.getString("meaning")).isEqualTo("scope_missing");
        assertThat(told.getJsonArray("missing").toString()).isEqualTo("[\"channels:history\"]");
        assertThat(told.getJsonObject("grant").getString("status")).isEqualTo("active");
        JsonObject answer = BOT.access("slack", subject);
        assertThat(answer.getString("status")).isEqualTo("missing_scopes");
        assertThat(missing(answer)).containsExactly("channels:history");
    }

    @Test
    void aBotThatReportsALimitLosesNothing() throws Exception {
        Walk entra = row("entra");
        connect(entra);

        JsonObject told = rejected(entra, 429, "{}");

        assertThat(told.getString("meaning")).isEqualTo("rate_limited");
        assertThat(BOT.access("entra", subject).getString("status")).isEqualTo("authorized");
    }

    @Test
    void aReportThatIsNoneIsRefusedByItsField() throws Exception {
        Walk xeno = row("xeno");
        connect(xeno);
        String grant = BOT.grant("xeno", subject).getString("id");

        Reply reply = BOT.send("POST", "/grants/" + grant + "/rejected", "{\"status\":42}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Api.json(reply).getString("field")).isEqualTo("status");
        assertThat(BOT.send("POST", "/grants/unknown/rejected", "{\"status\":401}")
                        .status())
                .isEqualTo(404);
    }

    /** As long as another grant of the account lives, its provider is told of no end. */
    static void endAll(String connector) throws Exception {
        for (JsonValue grant :
                Api.json(BOT.get("/grants?limit=200&connector=" + connector)).getJsonArray("grants")) {
            BOT.send("DELETE", "/grants/" + grant.asJsonObject().getString("id"), "");
        }
    }

    @ParameterizedTest
    @FieldSource("ROWS_WITH_API")
    void disconnectingTellsTheProviderWhereItCanBeTold(Walk row) throws Exception {
        endAll(row.provider());
        JsonObject authorized = connect(row);
        String grant = BOT.grant(row.provider(), subject).getString("id");

        assertThat(BOT.send("DELETE", "/grants/" + grant, "").status()).isEqualTo(204);

        assertThat(whoAmI(row, authorized)).contains(row.told() ? row.dead() : row.alive());
        JsonObject outcome =
                BOT.grant(row.provider(), subject).getJsonArray("history").getJsonObject(0);
        assertThat(outcome.getString("event")).isEqualTo(row.told() ? "provider_notified" : "provider_not_notified");
        assertThat(outcome.getString("reason", "")).isEqualTo(row.told() ? "" : "unsupported");
        assertThat(BOT.access(row.provider(), subject).getString("status")).isEqualTo("revoked");
    }

    @ParameterizedTest
    @FieldSource("ROWS_WITH_API")
    @DisplayName("1.1 After Disconnect the page says that the provider has confirmed, or which step is left")
    void afterDisconnectingThePageSaysWhatTheProviderKnows(Walk row) throws Exception {
        endAll(row.provider());
        connect(row);
        Reply before = visitor.get("/permissions");
        assertThat(before.body().contains("no way to tell")).isEqualTo(!row.told());

        visitor.submit(
                before,
                "Yes, disconnect "
                        + Jsoup.parse(before.body()).select(".card h2").text());

        // What came with a grant is told of by the next round, and until then the page says so.
        String after = Patience.until(this::cards, said -> !said.contains("is telling"));
        assertThat(after).doesNotContain("can no longer use");
        if (row.told()) {
            assertThat(after).contains(row.name() + " has confirmed").doesNotContain("One step is left");
        } else {
            assertThat(after)
                    .contains("may still work there", "One step is left for you")
                    .doesNotContain("confirmed");
        }
    }

    private String cards() throws IOException, InterruptedException {
        return Jsoup.parse(visitor.get("/permissions").body()).select(".card").text();
    }

    @Test
    void aUserOfSlackCanInstallWithoutABot() throws Exception {
        Walk slack = row("slack");
        arrive(visitor.allow(leave(slack, BOT.link("slack-user", subject)), SandboxAccount.BOB));

        JsonObject authorized = BOT.access("slack-user", subject);

        assertThat(authorized.getString("status")).isEqualTo("authorized");
        assertThat(authorized.getJsonObject("account").getString("id")).isEqualTo("T0SANDBOX/U7000100002");
        assertThat(whoAmI(slack, authorized)).contains("\"user_id\":\"U7000100002\"");
    }

    @Test
    void aBotIsInstalledOnATeamForAsLongAsOneOfItsTokensThereLives() throws Exception {
        int others = tokensOn("team-1");
        arrive(visitor.allow(leave(row("xeno"), BOT.link("xeno", subject)), SandboxAccount.ALICE));
        assertThat(tokensOn("team-1")).isEqualTo(others + 1);

        String grant = BOT.grant("xeno", subject).getString("id");
        assertThat(BOT.send("DELETE", "/grants/" + grant, "").status()).isEqualTo(204);
        assertThat(tokensOn("team-1")).isEqualTo(others);
    }

    /** How many live grants keep Xeno's bot on a team; 0 when it is not installed there. */
    private static int tokensOn(String team) throws IOException, InterruptedException {
        return Api.json(BOT.get("/installations?connector=xeno&account=" + team))
                .getJsonArray("installations")
                .getValuesAs(JsonObject.class)
                .stream()
                .mapToInt(installation -> installation.getInt("grants"))
                .sum();
    }

    // Helpers of this story

    private static Walk row(String provider) {
        return ROWS.stream()
                .filter(row -> row.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    private JsonObject connect(Walk row) throws IOException, InterruptedException {
        arrive(visitor.allow(leave(row, BOT.link(row.provider(), subject)), SandboxAccount.ALICE));
        JsonObject authorized = BOT.access(row.provider(), subject);
        assertThat(whoAmI(row, authorized)).contains(row.alive());
        return authorized;
    }

    /** From the link to the provider's consent page: its address. */
    private String leave(Walk row, String link) throws IOException, InterruptedException {
        return visitor.submit(visitor.get(link), "Continue to " + row.name()).location();
    }

    /** From the redirect to the callback to the outcome. */
    private Reply arrive(Reply callback) throws IOException, InterruptedException {
        return visitor.get(visitor.get(callback.location()).location());
    }

    private static String whoAmI(Walk row, JsonObject authorized) throws IOException, InterruptedException {
        return ask(row, authorized).body();
    }

    private static Reply ask(Walk row, JsonObject authorized) throws IOException, InterruptedException {
        return Http.at(Deployments.base())
                .with("Authorization", "Bearer " + authorized.getString("access_token"))
                .get(row.home() + row.whoAmI());
    }

    private JsonObject rejected(Walk row, Reply refusal) throws IOException, InterruptedException {
        return rejected(row, refusal.status(), refusal.body());
    }

    /** What the bot learns when it reports a refusal, word for word. */
    private JsonObject rejected(Walk row, int status, String body) throws IOException, InterruptedException {
        String grant = BOT.grant(row.provider(), subject).getString("id");
        String report = Json.createObjectBuilder()
                .add("status", status)
                .add("body", body)
                .build()
                .toString();
        Reply reply = BOT.send("POST", "/grants/" + grant + "/rejected", report);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Api.json(reply);
    }

    private String question(Walk row) {
        return "{\"connector\":\"" + row.provider() + "\",\"subject\":\"" + subject + "\"}";
    }

    private static List<String> missing(JsonObject answer) {
        return answer.getJsonObject("missing").getJsonArray("required").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static Parameters query(Reply redirect) {
        return Parameters.parse(URI.create(redirect.location()).getRawQuery());
    }
}
