package dev.grantbook.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.RepeatableRequests.Known;
import dev.grantbook.apikey.RepeatableRequests.StoredAnswer;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds, in every database, for requests that may be sent again. */
@OnDatabases
class RepeatableRequestsTest {

    private static final String ID = new Secret("key").hash();
    private static final String REQUEST = new Secret("request").hash();
    private static final StoredAnswer MADE = new StoredAnswer(
            201, "https://bot.example/invitations/1", "{\"url\":\"https://bot.example/connect/secret\"}");

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    RepeatableRequests requests;

    @BeforeEach
    void setUp() {
        database.clear();
    }

    @Test
    void aNewRequestIsUnknown() {
        assertThat(find(REQUEST)).isEmpty();
    }

    @Test
    void whatRunsHasNoAnswerYet() {
        start();

        assertThat(find(REQUEST)).contains(new Known(true, null));
    }

    @Test
    void whatWasAnsweredIsAnsweredTheSame() {
        start();
        answered();
        clock.advance(Duration.ofHours(24).minusMillis(1));

        assertThat(find(REQUEST)).contains(new Known(true, MADE));
    }

    @Test
    void anAnswerWithoutABodyIsOneToo() {
        start();
        database.run(() -> requests.storeAnswer(ID, new StoredAnswer(204, null, null)));

        assertThat(find(REQUEST)).contains(new Known(true, new StoredAnswer(204, null, null)));
    }

    @Test
    void anotherRequestWithTheSameKeyIsTold() {
        start();
        answered();

        assertThat(find(new Secret("other").hash()).orElseThrow().same()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50})
    void ofManyAtOnceOneRuns(int callers) throws Exception {
        var barrier = new CyclicBarrier(callers);
        Callable<Boolean> call = () -> {
            barrier.await();
            try {
                start();
                return true;
            } catch (PersistenceException e) {
                return false;
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<Boolean> ran = new ArrayList<>();
        try {
            for (Future<Boolean> one : threads.invokeAll(Collections.nCopies(callers, call))) {
                ran.add(one.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(ran).hasSize(callers).containsOnlyOnce(true);
        assertThat(database.sql("SELECT * FROM repeatable_request")).hasSize(1);
    }

    @Test
    void ofManyWhoseAnswersAreNotKeptOneRunsAtATime() {
        var filter = new IdempotencyFilter();
        filter.requests = new RepeatableRequests() {
            @Override
            Optional<Known> find(String id, String requestHash) {
                return database.in(() -> requests.find(id, requestHash));
            }

            @Override
            void start(String id, String requestHash) {
                database.run(() -> requests.start(id, requestHash));
            }
        };
        var running = new AtomicInteger();
        Callable<Integer> call = () -> {
            try {
                if (filter.start(ID, REQUEST).isPresent()) {
                    return 0;
                }
            } catch (ProblemException e) {
                return 0;
            }
            int atOnce = running.incrementAndGet();
            running.decrementAndGet();
            database.run(() -> requests.forget(ID));
            return atOnce;
        };

        for (int round = 0; round < 20; round++) {
            assertThat(database.together(5, call)).contains(1).isSubsetOf(0, 1);
        }
    }

    @Test
    void whatIsForgottenRunsAnew() {
        start();
        database.run(() -> requests.forget(ID));

        assertThat(find(REQUEST)).isEmpty();
    }

    @Test
    void anAnswerIsForgottenAfterADay() {
        start();
        answered();
        clock.advance(Duration.ofHours(24));

        assertThat(find(REQUEST)).isEmpty();
        assertThat(database.sql("SELECT * FROM repeatable_request")).isEmpty();
    }

    @Test
    void whatADeadNodeLeftBehindRunsAnew() {
        start();
        clock.advance(RepeatableRequest.LONGEST_RUN);

        assertThat(find(REQUEST)).isEmpty();
        start();
        assertThat(find(REQUEST)).contains(new Known(true, null));
    }

    @Test
    void oldOnesAreDropped() {
        start();
        answered();
        clock.advance(Duration.ofHours(23));
        assertThat(database.in(requests::forgetOld)).isZero();
        clock.advance(Duration.ofHours(1));

        assertThat(database.in(requests::forgetOld)).isOne();
    }

    @Test
    void noAnswerStandsInTheDatabaseInClear() {
        start();
        answered();

        List<List<String>> rows = database.sql("SELECT * FROM repeatable_request");

        assertThat(rows).hasSize(1);
        assertThat(rows.toString()).contains(REQUEST).doesNotContain("connect/secret", "bot.example");
    }

    private void start() {
        database.run(() -> requests.start(ID, REQUEST));
    }

    private void answered() {
        database.run(() -> requests.storeAnswer(ID, MADE));
    }

    private Optional<Known> find(String request) {
        return database.in(() -> requests.find(ID, request));
    }
}
