package dev.grantbook.platform.problem;

import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Trace;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionalException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs what broke on our side, and describes it without any detail. The {@link Trace} connects the two. */
final class Fault {

    private static final Logger LOG = Logger.getLogger(Fault.class.getName());

    private Fault() {}

    static Problem of(Throwable failure) {
        Optional<SQLException> refused = findRefusedValue(failure);
        if (refused.isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "a request has a value that the database does not take: SQLState {0}",
                    refused.get().getSQLState());
            return Problem.of(
                    400,
                    "invalid-request",
                    "A value of the request is one that nothing here can have: a character or a number that is out of range.");
        }
        FaultLog.write(LOG, Level.SEVERE, "a request failed", failure);
        return isDatabase(failure)
                ? Problem.of(
                        503,
                        "database-unavailable",
                        "The database does not answer. Nothing was stored; please try again in a moment.")
                : Problem.of(500, "internal", "The fault has been written down. Nothing was stored.");
    }

    /** Finds SQLState class 22 (ISO 9075-2 section 24.1): the caller's value is at fault, not the database. */
    private static Optional<SQLException> findRefusedValue(Throwable failure) {
        return FaultLog.causes(failure)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(refused -> String.valueOf(refused.getSQLState()).startsWith("22"))
                .findFirst();
    }

    private static boolean isDatabase(Throwable failure) {
        return FaultLog.causes(failure)
                .anyMatch(cause -> cause instanceof PersistenceException
                        || cause instanceof SQLException
                        || cause instanceof TransactionalException
                        || cause instanceof RollbackException);
    }
}
