package dev.grantbook.platform;

import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionalException;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Something broke on our side: written down, and told without any detail. The {@link Trace} leads from one to the other. */
final class Fault {

    private static final Logger LOG = Logger.getLogger(Fault.class.getName());

    private Fault() {}

    static Problem of(Throwable failure) {
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
