package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** What the server makes of the answer is shown by ClientsIT. */
class DatabaseHealthTest {

    private final DatabaseHealth health = new DatabaseHealth();

    @Test
    void aDatabaseThatAnswersIsReady() {
        assertThat(answers("jdbc:h2:mem:health")).isTrue();
    }

    @Test
    void aDatabaseThatIsAwayIsNot() {
        assertThat(answers("jdbc:h2:tcp://127.0.0.1:1/nowhere")).isFalse();
    }

    private boolean answers(String url) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(url);
        health.database = database;
        return health.answers();
    }
}
