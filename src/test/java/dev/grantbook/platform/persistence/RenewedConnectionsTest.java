package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.it.PostgreSql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

class RenewedConnectionsTest {

    private PostgreSql.Database database;
    private Connection one;
    private Connection other;

    @BeforeEach
    void open() throws SQLException {
        database = PostgreSql.fresh();
        var source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password());
        var connections = new RenewedConnections(source);
        one = connections.open();
        other = connections.open();
    }

    @AfterEach
    void close() throws SQLException {
        one.close();
        other.close();
    }

    @Test
    @DisplayName("6 Of the connections that died with the database, the first one used tells, and all are opened anew")
    void allAreOpenedAnewOnceOneHasDied() throws SQLException {
        int before = process(other);
        killAll();

        failsInATransaction(one);

        assertThat(process(other)).isNotEqualTo(before);
        assertThat(process(one)).isPositive();
    }

    @Test
    @DisplayName("6 A transaction is not continued on another connection")
    void aTransactionFailsAsAWhole() throws SQLException {
        one.setAutoCommit(false);
        process(one);
        killAll();

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> process(one));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> process(one));
        assertThatExceptionOfType(SQLException.class).isThrownBy(one::commit);

        one.setAutoCommit(true);
        assertThat(process(one)).isPositive();
    }

    @Test
    @DisplayName("6 A connection in a transaction keeps it when another one died")
    void aTransactionOfAnotherConnectionGoesOn() throws SQLException {
        other.setAutoCommit(false);
        int before = process(other);
        kill("pid = " + process(one));
        failsInATransaction(one);

        assertThat(process(other)).isEqualTo(before);

        other.commit();
        other.setAutoCommit(true);
        assertThat(process(other)).isNotEqualTo(before);
    }

    @Test
    @DisplayName("6 A connection that says it is not valid is opened anew")
    void anAnswerThatItIsNotValidCounts() throws SQLException {
        killAll();

        assertThat(one.isValid(3)).isFalse();
        assertThat(one.isValid(3)).isTrue();
        assertThat(other.isValid(3)).isTrue();
    }

    @Test
    @DisplayName("6 A statement that the database refuses is no death")
    void aRefusedStatementIsNoDeath() throws SQLException {
        int before = process(other);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> one.createStatement().execute("nonsense"));

        assertThat(process(other)).isEqualTo(before);
    }

    @Test
    void whatIsClosedStaysClosed() throws SQLException {
        killAll();
        assertThat(one.isValid(3)).isFalse();
        other.close();

        assertThat(other.isClosed()).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> process(other));
        assertThat(one.unwrap(PGConnection.class)).isNotNull();
    }

    @Test
    void aConnectionStaysTheSameWhenItIsOpenedAnew() throws SQLException {
        int before = one.hashCode();
        killAll();
        assertThat(one.isValid(3)).isFalse();

        assertThat(one.isValid(3)).isTrue();
        assertThat(List.of(other, one)).as("equal to itself").contains(one).hasSize(2);
        assertThat(one.hashCode()).isEqualTo(before);
    }

    private static void failsInATransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> process(connection));
        assertThatExceptionOfType(SQLException.class).isThrownBy(connection::rollback);
        connection.setAutoCommit(true);
    }

    private static int process(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void killAll() throws SQLException {
        kill("usename = current_user AND pid <> pg_backend_pid()");
    }

    private void kill(String which) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE " + which);
        }
    }
}
