package dev.grantbook.platform.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Opens connections that outlive their database. As soon as one of them has died, each is opened anew before its next
 * transaction, so that a server need not validate each time it takes one from its pool. A transaction under way is
 * never continued: it fails.
 */
final class RenewedConnections {

    private final DataSource database;

    /** How often the database was found to be gone. */
    private final AtomicLong losses = new AtomicLong();

    RenewedConnections(DataSource database) {
        this.database = database;
    }

    Connection open() throws SQLException {
        return (Connection) Proxy.newProxyInstance(
                RenewedConnections.class.getClassLoader(), new Class<?>[] {Connection.class}, new Renewed());
    }

    private final class Renewed implements InvocationHandler {

        private long openedAfter = losses.get();
        private Connection current = database.getConnection();
        private boolean inTransaction;
        private boolean given;

        Renewed() throws SQLException {}

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            if (method.getDeclaringClass() == Object.class) {
                return switch (name) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "connection that is opened anew";
                };
            }
            given |= name.equals("close") || name.equals("abort");
            boolean begins = !inTransaction || (name.equals("setAutoCommit") && current.isClosed());
            if (begins && !given) {
                if (current.isClosed()) {
                    renewAll();
                }
                if (openedAfter != losses.get()) {
                    renew();
                }
            }
            try {
                Object result = method.invoke(current, arguments);
                if (name.equals("setAutoCommit")) {
                    inTransaction = arguments[0].equals(false);
                }
                if (name.equals("isValid") && result.equals(false)) {
                    renewAll();
                }
                return result;
            } catch (InvocationTargetException e) {
                if (!given && current.isClosed()) {
                    renewAll();
                }
                throw e.getCause();
            }
        }

        private void renew() throws SQLException {
            long before = losses.get();
            current.close();
            current = database.getConnection();
            openedAfter = before;
            inTransaction = false;
        }

        private void renewAll() {
            losses.compareAndSet(openedAfter, openedAfter + 1);
        }
    }
}
