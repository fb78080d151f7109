package dev.grantbook.platform;

import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionalException;
import java.sql.SQLException;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Something broke on our side: written down with a reference, and told without any detail.
 *
 * @param reference what an operator searches the log for
 */
record Fault(Problem problem, String reference) {

    private static final Logger LOG = Logger.getLogger(Fault.class.getName());

    static Fault of(Throwable failure) {
        String reference = UUID.randomUUID().toString();
        LOG.log(Level.SEVERE, "request failed, reference " + reference, failure);
        return new Fault(explain(failure), reference);
    }

    private static Problem explain(Throwable failure) {
        return isDatabase(failure)
                ? Problem.of(
                        503,
                        "database-unavailable",
                        "The database does not answer. Nothing was stored; please try again in a moment.")
                : Problem.of(500, "internal", "The fault has been written down. Nothing was stored.");
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
