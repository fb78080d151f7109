package dev.grantbook.platform.persistence;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads rows without JPA and without a transaction, which cost more than the statement itself. For what is read most,
 * and is never changed where it was read.
 */
@ApplicationScoped
public class CommittedRows {

    @Resource(lookup = "java:app/jdbc/grantbook")
    @SuppressWarnings("NullAway.Init") // the server injects it
    DataSource database;

    /** Reads the columns of one row. */
    public interface RowReader<T> {

        T read(ResultSet row) throws SQLException;
    }

    /** @param values for the query's marks */
    public <T> List<T> read(String query, List<String> values, RowReader<T> reader) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(query)) {
            for (int index = 0; index < values.size(); index++) {
                select.setString(index + 1, values.get(index));
            }
            var all = new ArrayList<T>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
            return all;
        } catch (SQLException e) {
            throw new PersistenceException("the database does not say what is asked", e);
        }
    }
}
