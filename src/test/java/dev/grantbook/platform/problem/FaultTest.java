package dev.grantbook.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose fault it is when a database says no. */
class FaultTest {

    @ParameterizedTest(name = "SQLState {0} is {1}")
    @DisplayName("4.7 A value that the database cannot take is the caller's fault; all else is ours")
    @CsvSource({"22021, 400", "22008, 400", "22P05, 400", "08006, 503", "40001, 503", "23505, 503", ", 503"})
    void aValueThatTheDatabaseCannotTakeIsTheCallersFault(String state, int status) {
        var failure = new IllegalStateException(new PersistenceException(new SQLException("secret value", state)));

        Problem problem = Fault.of(failure);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.toJson().toString()).doesNotContain("secret");
    }
}
