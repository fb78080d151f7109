package dev.grantbook.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.problem.Problem.FieldFault;
import jakarta.json.Json;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void hasTheMembersOfTheRfc() {
        assertThat(Problem.of(404, "unknown-grant", "There is no grant with this id.")
                        .toJson())
                .hasToString("{\"type\":\"urn:grantbook:problem:unknown-grant\",\"title\":\"Not found\",\"status\":404,"
                        + "\"detail\":\"There is no grant with this id.\"}");
    }

    @Test
    void namesEveryFieldAtFault() {
        var problem =
                Problem.fields(List.of(new FieldFault("subject", "missing"), new FieldFault("features.0", "too long")));

        assertThat(problem.toJson().getInt("status")).isEqualTo(400);
        assertThat(problem.toJson().getString("detail")).isEqualTo("subject: missing");
        assertThat(problem.toJson().getString("field")).isEqualTo("subject");
        assertThat(problem.toJson().getJsonArray("errors"))
                .hasToString("[{\"field\":\"subject\",\"detail\":\"missing\"},"
                        + "{\"field\":\"features.0\",\"detail\":\"too long\"}]");
    }

    @Test
    void isJsonWhateverTheDetailHolds() {
        String hostile = "\"},\n<script>\u0000\\";

        String json = Problem.field("x", hostile).toJson().toString();

        try (var reader = Json.createReader(new StringReader(json))) {
            assertThat(reader.readObject().getString("detail")).isEqualTo("x: " + hostile);
        }
    }

    @Test
    void saysHowManySecondsToWaitAndNeverTooFew() {
        Instant now = Instant.parse("2026-11-22T10:00:00Z");
        Problem problem = Problem.of(503, "no-fresh-token", "");

        assertThat(problem.retryAfter(now)).isNull();
        assertThat(problem.until(now.plusMillis(29_001)).retryAfter(now)).isEqualTo(30);
        assertThat(problem.until(now.plusSeconds(30)).retryAfter(now)).isEqualTo(30);
        assertThat(problem.until(now.minusSeconds(30)).retryAfter(now)).isEqualTo(1);
    }

    @Test
    void anUnusualStatusHasATitleToo() {
        assertThat(Problem.of(418, "teapot", "").title()).isEqualTo("The request failed");
    }
}
