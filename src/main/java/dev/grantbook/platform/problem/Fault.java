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

/**
 * Something broke on our side: written down, and told without any detail. The {@link Trace} leads from one to the
 * other.
 */
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
        return explain(failure);
    }

    private static Problem explain(Throwable failure) {
        return isDatabase(failure)
                ? Problem.of(
                        503,
                        "database-unavailable",
                        "The database does not answer. Nothing was stored; please try again in a moment.")
                : Problem.of(500, "internal", "The fault has been written down. Nothing was stored.");
    }

    /**
     * Class 22 is about the value that was given (ISO 9075-2 section 24.1): the caller's fault, and not the database's.
     */
    private static Optional<SQLException> findRefusedValue(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException known
                    && known.getSQLState() != null
                    && known.getSQLState().startsWith("22")) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    private static boolean isDatabase(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PersistenceException
                    || cause instanceof SQLException
                    || cause instanceof TransactionalException
                    || cause instanceof RollbackException) {
                return true;
            }
        }
        return false;
    }
}
