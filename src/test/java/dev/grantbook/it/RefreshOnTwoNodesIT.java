package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes over one PostgreSQL, and a provider whose refresh tokens work once. */
@ArquillianTest
@RunAsClient
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RefreshOnTwoNodesIT {

    private static final Api BOT = Api.withKey("all");

    private final String subject = UUID.randomUUID().toString().replace("-", "");

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return NodesSuite.war();
    }

    static Map<String, String> configuration() {
        return Map.of(
                "grantbook.refresh.lease", "PT9S",
                "grantbook.provider.timeout", "PT60S",
                "grantbook.refresh.round", "PT1S",
                "grantbook.revocation.round", "PT1S");
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "50, 2"})
    void aTokenThatEndedIsReplacedOnceHoweverManyAsk(int callers, int nodes) throws Exception {
        grant();
        endTokens();

        List<JsonObject> answers = together(askers(callers, nodes));

        assertThat(answers)
                .hasSize(callers)
                .allSatisfy(answer -> assertThat(answer.getString("access_token", answer.toString()))
                        .isEqualTo("access-2-" + subject));
        assertThat(rotation().spent(subject)).containsExactly("refresh-1-" + subject);
    }

    /** Last, so that no other test starts a second node anew. */
    @Order(Integer.MAX_VALUE)
    @Test
    void aNodeThatIsKilledWhileItRefreshesIsReplacedByTheOther() throws Exception {
        whatAKilledNodeRefreshedIsRefreshedOnceFor(5);
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(ints = {2, 50})
    void howeverManyAskAKilledNodeIsReplacedByTheOther(int callers) throws Exception {
        whatAKilledNodeRefreshedIsRefreshedOnceFor(callers);
    }

    private void whatAKilledNodeRefreshedIsRefreshedOnceFor(int callers) throws Exception {
        grant();
        endTokens();
        Rotation.Held held = rotation().holdNext();
        Node victim = node();
        Future<JsonObject> lost = inBackground(() -> access(victim.base()));
        held.awaitQuestion();
        Future<List<JsonObject>> waiting = inBackground(() -> together(askers(callers, 1)));

        NodesSuite.killOther();

        assertThat(waiting.get(60, TimeUnit.SECONDS))
                .hasSize(callers)
                .allSatisfy(answer -> assertThat(answer.getString("access_token", answer.toString()))
                        .isEqualTo("access-2-" + subject));
        assertThat(rotation().spent(subject)).containsExactly("refresh-1-" + subject);
        assertThat(lost).failsWithin(Duration.ofSeconds(60));
    }

    @Test
    void aNodeThatIsStillAtItKeepsItsLease() throws Exception {
        grant();
        endTokens();
        Rotation.Held held = rotation().holdNext();
        Future<JsonObject> slow = inBackground(() -> access(node().base()));
        held.awaitQuestion();
        Future<JsonObject> waiting = inBackground(() -> access(Deployments.base()));

        awaitValuesOf("lease_until", 3);
        assertThat(rotation().spent(subject)).isEmpty();

        held.free().countDown();
        assertThat(slow.get(60, TimeUnit.SECONDS).getString("access_token")).isEqualTo("access-2-" + subject);
        assertThat(waiting.get(60, TimeUnit.SECONDS).getString("access_token")).isEqualTo("access-2-" + subject);
        assertThat(rotation().spent(subject)).hasSize(1);
    }

    @Test
    void whatIsTakenBackWhileABatchWaitsIsNotHandedOut() throws Exception {
        String other = subject + "b";
        grant();
        grant(other);
        String id = BOT.grant("standard", other).getString("id");
        endTokens();
        Rotation.Held held = rotation().holdNext();
        Future<Reply> batch = inBackground(() -> BOT.send(
                "POST",
                "/access:batch",
                "{\"connector\":\"standard\",\"subjects\":[\"" + other + "\",\"" + subject + "\"]}"));
        held.awaitQuestion();
        assertThat(BOT.send("DELETE", "/grants/" + id, "").status()).isEqualTo(204);

        held.free().countDown();

        assertThat(Api.json(batch.get(60, TimeUnit.SECONDS))
                        .getJsonArray("answers")
                        .getValuesAs(JsonObject.class))
                .extracting(answer -> answer.getString("access_token", answer.getString("status")))
                .containsExactly("revoked", "access-2-" + subject);
    }

    @Test
    void aRoundThatWaitsForItsProviderKeepsItsLease() throws Exception {
        grant();
        Rotation.Held held = rotation().holdNext();
        sql("UPDATE user_grant SET refreshed_at = now() - INTERVAL '8 days' WHERE subject = '" + subject + "'");
        held.awaitQuestion();

        awaitValuesOf("lease_until", 3);
        assertThat(rotation().spent(subject)).isEmpty();

        held.free().countDown();
        Patience.until(() -> access(Deployments.base()).getString("access_token"), ("access-2-" + subject)::equals);
        assertThat(rotation().spent(subject)).hasSize(1);
    }

    @Test
    void aTokenThatIsStillGoodIsHandedOutWhileTheOtherNodeRefreshes() throws Exception {
        grant();
        sql("UPDATE user_grant SET expires_at = now() + INTERVAL '4 minutes',"
                + " refreshed_at = now() - INTERVAL '1 hour' WHERE subject = '" + subject + "'");
        Rotation.Held held = rotation().holdNext();
        Future<JsonObject> slow = inBackground(() -> access(node().base()));
        held.awaitQuestion();

        assertThat(access(Deployments.base()).getString("access_token")).isEqualTo("access-1-" + subject);
        held.free().countDown();
        assertThat(slow.get(60, TimeUnit.SECONDS).getString("access_token")).isEqualTo("access-2-" + subject);
        assertThat(access(Deployments.base()).getString("access_token")).isEqualTo("access-2-" + subject);
    }

    @Test
    void whoeverWaitsWhileTheOtherNodeRefreshesGetsItsToken() throws Exception {
        grant();
        endTokens();
        Rotation.Held held = rotation().holdNext();
        Future<JsonObject> slow = inBackground(() -> access(node().base()));
        held.awaitQuestion();
        Future<JsonObject> waiting = inBackground(() -> access(Deployments.base()));

        held.free().countDown();

        assertThat(slow.get(60, TimeUnit.SECONDS).getString("access_token")).isEqualTo("access-2-" + subject);
        assertThat(waiting.get(60, TimeUnit.SECONDS).getString("access_token")).isEqualTo("access-2-" + subject);
        assertThat(rotation().spent(subject)).hasSize(1);
    }

    @Tag("nightly")
    @Test
    void aNodeThatIsKilledWhileItTellsTheProviderOfAnEndIsReplacedByTheOther() throws Exception {
        grant();
        String id = BOT.grant("standard", subject).getString("id");
        Rotation.Held held = rotation().holdNextEnd();
        Node victim = node();
        Future<Reply> lost = inBackground(() -> Http.at(victim.base())
                .with("Authorization", "Bearer key-all")
                .send("DELETE", "/api/v1/grants/" + id, ""));
        held.awaitQuestion();
        assertThat(access(Deployments.base()).getString("status"))
                .as("our own tokens are gone before the provider is told")
                .isEqualTo("revoked");
        assertThat(Api.json(BOT.get("/grants/" + id))
                        .getJsonObject("revocation")
                        .getInt("tries"))
                .isEqualTo(1);

        NodesSuite.killOther();

        assertThat(rotation().awaitEnds(subject, 2)).containsExactly("refresh-1-" + subject, "access-1-" + subject);
        assertThat(lost).failsWithin(Duration.ofSeconds(60));
        awaitRow("SELECT id FROM grant_event WHERE kind = 'PROVIDER_NOTIFIED' AND grant_id = '" + id + "'");
        assertThat(BOT.grant("standard", subject).toString()).doesNotContain("\"revocation\"");
        assertThat(BOT.grant("standard", subject)
                        .getJsonArray("history")
                        .getJsonObject(0)
                        .getString("event"))
                .isEqualTo("provider_notified");
    }

    @Test
    void whileNoTokenCanBeHadTheBotIsToldHowLongToWait() throws Exception {
        grant();
        sql("UPDATE user_grant SET expires_at = now() - INTERVAL '1 second', retry_at = now() + INTERVAL '1 hour'"
                + " WHERE subject = '" + subject + "'");

        Reply reply = BOT.send("POST", "/access", "{\"connector\":\"standard\",\"subject\":\"" + subject + "\"}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(Api.json(reply).getString("type")).endsWith(":no-fresh-token");
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(3000, 3600);
        assertThat(rotation().spent(subject)).isEmpty();
    }

    @Test
    void tokensThatNobodyAsksForAreKeptAliveByARound() throws Exception {
        grant();
        sql("UPDATE user_grant SET refreshed_at = now() - INTERVAL '8 days' WHERE subject = '" + subject + "'");

        assertThat(rotation().awaitSpent(subject, 1)).containsExactly("refresh-1-" + subject);
    }

    // Helpers

    private void grant() throws Exception {
        grant(subject);
    }

    private static void grant(String whose) throws Exception {
        var visitor = new Visitor();
        Reply page = visitor.get(BOT.link("standard", whose));
        Reply leaving = visitor.submit(page, "Continue to OAuth 2.0");
        Parameters request = Parameters.parse(URI.create(leaving.location()).getRawQuery());
        Reply back =
                visitor.get(request.get("redirect_uri") + "?code=code-" + whose + "&state=" + request.get("state"));
        assertThat(back.status()).isEqualTo(303);
        assertThat(BOT.access("standard", whose).getString("access_token")).isEqualTo("access-1-" + whose);
    }

    /** Callers who ask in turn as many of the nodes as that. */
    private List<Callable<JsonObject>> askers(int callers, int nodes) throws IOException, InterruptedException {
        var calls = new ArrayList<Callable<JsonObject>>();
        for (int i = 0; i < callers; i++) {
            String base = i % nodes == 0 ? Deployments.base() : node().base();
            calls.add(() -> access(base));
        }
        return calls;
    }

    private void endTokens() throws SQLException {
        sql("UPDATE user_grant SET expires_at = now() - INTERVAL '1 second' WHERE subject = '" + subject + "'");
    }

    private static void sql(String update) throws SQLException {
        try (var connection = NodesSuite.database().connect();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(update)).isEqualTo(1);
        }
    }

    /** Waits until a column of the subject's grant has had so many values. */
    private void awaitValuesOf(String column, int many) throws Exception {
        var seen = new HashSet<String>();
        String query = "SELECT " + column + " FROM user_grant WHERE subject = '" + subject + "'";
        await(query, value -> {
            seen.add(value);
            return seen.size() == many;
        });
    }

    private static void awaitRow(String query) throws Exception {
        await(query, value -> true);
    }

    /** Looks at the first row again and again until it is as it should be. */
    private static void await(String query, Predicate<String> wanted) throws Exception {
        try (var connection = NodesSuite.database().connect();
                var statement = connection.createStatement()) {
            Patience.until(
                    () -> {
                        try (var rows = statement.executeQuery(query)) {
                            return rows.next() ? Optional.of(String.valueOf(rows.getString(1))) : Optional.empty();
                        }
                    },
                    (Optional<String> row) -> row.filter(wanted).isPresent());
        }
    }

    private JsonObject access(String base) throws IOException, InterruptedException {
        return Api.json(Http.at(base)
                .with("Authorization", "Bearer key-all")
                .postJson("/api/v1/access", "{\"connector\":\"standard\",\"subject\":\"" + subject + "\"}"));
    }

    private static Rotation rotation() {
        return NodesSuite.provider();
    }

    private static Node node() throws IOException, InterruptedException {
        return NodesSuite.other();
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        var pool = Executors.newFixedThreadPool(calls.size());
        try {
            var results = new ArrayList<T>();
            for (Future<T> one : pool.invokeAll(calls)) {
                results.add(one.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> Future<T> inBackground(Callable<T> call) {
        var one = Executors.newSingleThreadExecutor();
        try {
            return one.submit(call);
        } finally {
            one.shutdown();
        }
    }
}
