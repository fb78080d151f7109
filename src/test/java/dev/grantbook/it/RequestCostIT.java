package dev.grantbook.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.it.StatementLog.Statement;
import dev.grantbook.oauth.Parameters;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many SQL statements, transactions and calls of the provider each request costs, from its first filter to its
 * last.
 */
@ArquillianTest
@RunAsClient
class RequestCostIT {

    private static final int REPETITIONS = 5;
    private static final int BATCH = 100;

    /** In the first line of each record of the log. */
    private static final String RECORD = "[levelValue: ";

    private static final Api BOT = Api.withKey("all");

    /** The subjects of a batch. */
    private static final List<String> GRANTED = new ArrayList<>();

    /**
     * The dearest that a request may be: lower a number when the request has become cheaper. What EclipseLink reads
     * before the first write counts as a transaction, though it needs neither begin nor commit.
     */
    static Stream<Arguments> limits() {
        return Stream.of(
                limit(0, 0, 0, "POST access", RequestCostIT::access),
                limit(2, 2, 0, "POST access for a link", RequestCostIT::accessForALink),
                limit(7, 4, 1, "POST access with a refresh", RequestCostIT::accessWithARefresh),
                limit(0, 0, 0, "POST access batch of 100", RequestCostIT::batch),
                limit(1, 1, 0, "GET landing page", RequestCostIT::landingPage),
                limit(3, 2, 0, "POST start", RequestCostIT::start),
                limit(1, 1, 0, "GET public start", RequestCostIT::publicStart),
                limit(6, 3, 2, "GET callback", RequestCostIT::callback),
                limit(8, 2, 2, "GET callback of a link", RequestCostIT::callbackOfALink),
                limit(1, 1, 0, "GET outcome page", RequestCostIT::outcome),
                limit(1, 1, 0, "POST conversation next", RequestCostIT::conversation),
                limit(0, 0, 1, "GET through the proxy", RequestCostIT::proxy),
                limit(6, 6, 0, "GET console overview", () -> consolePage("")),
                limit(3, 3, 0, "GET console list", () -> consolePage("/grants")));
    }

    /** A request that is ready to be sent, after what must come before it. */
    private interface Request {
        Reply send() throws Exception;
    }

    private interface Preparation {
        Request prepare() throws Exception;
    }

    private record Cost(List<Statement> statements, int calls) {

        long transactions() {
            return statements.stream().map(Statement::transaction).distinct().count();
        }
    }

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return CostSuite.war();
    }

    private static Arguments limit(int statements, int transactions, int calls, String name, Preparation preparation) {
        return Arguments.of(statements, transactions, calls, name, preparation);
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("limits")
    void costsNoMoreThan(int statements, int transactions, int calls, String name, Preparation preparation)
            throws Exception {
        Cost cost = cheapest(preparation);

        String spent = "%s: %d statements in %d transactions, %d calls%n%s%n"
                .formatted(
                        name,
                        cost.statements().size(),
                        cost.transactions(),
                        cost.calls(),
                        cost.statements().stream()
                                .map(one -> one.transaction() + " " + one.sql())
                                .collect(joining("\n")));
        Files.writeString(
                Files.createDirectories(Path.of("target", "request-costs")).resolve(name.replace(' ', '-') + ".txt"),
                spent);
        assertThat(cost.statements()).as(spent).hasSizeLessThanOrEqualTo(statements);
        assertThat(cost.transactions()).as(spent).isLessThanOrEqualTo(transactions);
        assertThat(cost.calls()).as(spent).isLessThanOrEqualTo(calls);
        assertThat(CostSuite.database().since(0)).as("the log is written").isNotEmpty();
    }

    @Test
    void aFlowIsOneLineOfTheLog() throws Exception {
        ask(grant()).send();
        Patience.until(() -> logged(": granted"), granted -> granted > 0);
        long records = logged(RECORD);
        long flows = logged(": granted");

        for (int flow = 0; flow < REPETITIONS; flow++) {
            ask(grant()).send();
        }

        Patience.until(() -> logged(": granted"), granted -> granted == flows + REPETITIONS);
        assertThat(logged(RECORD) - records).isEqualTo(REPETITIONS);
    }

    private static long logged(String text) throws IOException {
        return Deployments.log().lines().filter(line -> line.contains(text)).count();
    }

    /** What the server does beside a request only ever adds to its cost, and not to each repetition. */
    private static Cost cheapest(Preparation preparation) throws Exception {
        var costs = new ArrayList<Cost>();
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            Request request = preparation.prepare();
            long end = CostSuite.database().end();
            int calls = CostSuite.provider().calls();
            Reply reply = request.send();
            costs.add(new Cost(
                    CostSuite.database().since(end), CostSuite.provider().calls() - calls));
            assertThat(reply.status()).as(reply.body()).isIn(200, 303);
        }
        return costs.stream()
                // What was changed in the database may not have been heard yet: then no provider is called.
                .min(Comparator.comparing((Cost cost) -> -cost.calls())
                        .thenComparing(cost -> cost.statements().size()))
                .orElseThrow();
    }

    private static Request access() throws Exception {
        String subject = grant();
        ask(subject).send();
        return ask(subject);
    }

    private static Request accessForALink() {
        return ask("subject-" + UUID.randomUUID());
    }

    private static Request accessWithARefresh() throws Exception {
        String subject = grant();
        ask(subject).send();
        PostgreSql.Database database = CostSuite.database().database();
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var update =
                        connection.prepareStatement("UPDATE user_grant SET expires_at = now() WHERE subject = ?")) {
            update.setString(1, subject);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
        return ask(subject);
    }

    private static Request batch() throws Exception {
        while (GRANTED.size() < BATCH) {
            GRANTED.add(grant());
        }
        String question = "{\"connector\":\"counted\",\"subjects\":[\"" + String.join("\",\"", GRANTED) + "\"]}";
        BOT.send("POST", "/access:batch", question);
        return () -> BOT.send("POST", "/access:batch", question);
    }

    private static Request landingPage() throws Exception {
        String link = BOT.link("counted", "subject-" + UUID.randomUUID());
        return () -> new Visitor().get(link);
    }

    private static Request start() throws Exception {
        return start(new Visitor());
    }

    private static Request start(Visitor visitor) throws Exception {
        String link = BOT.link("counted", "subject-" + UUID.randomUUID());
        visitor.get(link);
        return () -> visitor.post("/oauth/start", Map.of("invitation", link.substring(link.lastIndexOf('/') + 1)));
    }

    private static Request publicStart() {
        return () -> new Visitor().get("/oauth/start/counted");
    }

    private static Request callback() throws Exception {
        var visitor = new Visitor();
        String callback = consent(visitor);
        return () -> visitor.get(callback);
    }

    private static Request callbackOfALink() throws Exception {
        var visitor = new Visitor();
        String callback = Http.at("").get(start(visitor).send().location()).location();
        return () -> visitor.get(callback);
    }

    private static Request outcome() throws Exception {
        var visitor = new Visitor();
        String page = visitor.get(consent(visitor)).location();
        return () -> visitor.get(page);
    }

    private static Request conversation() throws Exception {
        String subject = grant();
        String path = "/conversations/web/session-" + subject;
        String connector = "{\"connector\":\"counted\",\"subject\":\"" + subject + "\"";
        String token = Api.json(ask(subject).send()).getString("access_token");
        BOT.send("PUT", path + "/access-token", connector + ",\"access_token\":\"" + token + "\",\"expires_in\":3600}");
        BOT.send("POST", path + "/next", connector + "}");
        return () -> BOT.send("POST", path + "/next", connector + "}");
    }

    private static Request proxy() throws Exception {
        String subject = grant();
        ask(subject).send();
        return () -> BOT.get("/proxy/counted/" + subject + "/assets");
    }

    private static Request consolePage(String path) throws Exception {
        var administrator = new Visitor();
        administrator.signIn("admin", CostSuite.PASSWORD);
        return () -> administrator.get("/console" + path);
    }

    private static Request ask(String subject) {
        return () -> BOT.send("POST", "/access", "{\"connector\":\"counted\",\"subject\":\"" + subject + "\"}");
    }

    /** A new user's grant: the subject. */
    static String grant() throws Exception {
        var visitor = new Visitor();
        String callback = consent(visitor);
        visitor.get(callback);
        String code = String.valueOf(
                Parameters.parse(URI.create(callback).getRawQuery()).get("code"));
        return code.substring(code.lastIndexOf('-') + 1);
    }

    /** From the start to the provider, whose redirect leads to the callback. */
    private static String consent(Visitor visitor) throws Exception {
        return Http.at("").get(visitor.get("/oauth/start/counted").location()).location();
    }
}
