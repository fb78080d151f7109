package dev.grantbook.testing;

import dev.grantbook.it.PostgreSql;
import dev.grantbook.platform.persistence.MigratedDatabase;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A migrated database with the application's own persistence unit, as the server would run it: {@link #entities()}
 * stands for the injected entity manager and belongs to the transaction of the calling thread.
 */
public final class Database {

    /** Children before their parents. */
    private static final List<String> TABLES = List.of(
            "import",
            "attempt",
            "invitation",
            "conversation_link",
            "conversation",
            "delivery",
            "revocation",
            "user_grant",
            "granted_set",
            "connector",
            "api_key",
            "repeatable_request",
            "console_session",
            "administrator",
            "vault_check",
            "audit_event",
            "deletion",
            "vault_node",
            "erasure");

    private static @Nullable Database h2;
    private static @Nullable Database postgreSql;

    /** What the calling thread works with, and what wants to know the end of its transaction. */
    private record Unit(EntityManager manager, List<Synchronization> observers) {

        boolean isActive() {
            return manager.getTransaction().isActive();
        }
    }

    private static final ThreadLocal<@Nullable Unit> CURRENT = new ThreadLocal<>();

    private final String name;
    private final DataSource dataSource;
    private final EntityManagerFactory factory;
    private final AtomicInteger statements = new AtomicInteger();

    private final EntityManager entities = (EntityManager) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {EntityManager.class}, (proxy, method, arguments) -> {
                try {
                    return method.invoke(unit().manager, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    /**
     * @param source opens connections, which are kept: with PostgreSQL, opening one takes longer than most statements
     */
    private Database(String name, ConnectionPoolDataSource source) {
        this.name = name;
        JdbcConnectionPool pool = JdbcConnectionPool.create(source);
        pool.setMaxConnections(64);
        this.dataSource = pool;
        MigratedDatabase.migrate(dataSource);
        DataSource counted = counting(DataSource.class, dataSource);
        this.factory = Persistence.createEntityManagerFactory(
                "grantbook",
                Map.of(
                        "jakarta.persistence.provider",
                        System.getProperty("grantbook.jpa", "org.eclipse.persistence.jpa.PersistenceProvider"),
                        "jakarta.persistence.transactionType",
                        "RESOURCE_LOCAL",
                        "jakarta.persistence.nonJtaDataSource",
                        counted,
                        "jakarta.persistence.jtaDataSource",
                        counted,
                        "eclipselink.session-name",
                        UUID.randomUUID().toString(),
                        "eclipselink.logging.level",
                        "OFF",
                        "eclipselink.weaving",
                        "false"));
    }

    /** H2 in memory; one for every test of the JVM, since starting takes longer than most tests. */
    public static synchronized Database h2() {
        Database known = h2;
        if (known == null) {
            var source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000");
            known = new Database("H2", source);
            h2 = known;
        }
        return known;
    }

    /** A real PostgreSQL; one for every test of the JVM. */
    public static synchronized Database postgreSql() {
        Database known = postgreSql;
        if (known == null) {
            known = new Database("PostgreSQL", freshPostgreSql());
            postgreSql = known;
        }
        return known;
    }

    private static ConnectionPoolDataSource freshPostgreSql() {
        try {
            PostgreSql.Database fresh = PostgreSql.fresh();
            var source = new PGConnectionPoolDataSource();
            source.setUrl(fresh.url());
            source.setUser(fresh.user());
            source.setPassword(fresh.password());
            return source;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not give a database", e);
        }
    }

    /** Empties every table. */
    public void clear() {
        tamper(TABLES.stream().map(table -> "DELETE FROM " + table).collect(Collectors.joining(";")));
    }

    public EntityManager entities() {
        return entities;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** Runs the work in one transaction of its own. */
    public <T extends @Nullable Object> T in(Callable<T> work) {
        return with(manager -> {
            manager.getTransaction().begin();
            T result = work.call();
            manager.getTransaction().commit();
            return result;
        });
    }

    /** Runs the work without a transaction: each query sees what stands there at its moment. */
    public <T extends @Nullable Object> T outside(Callable<T> work) {
        return with(manager -> work.call());
    }

    private interface Work<T extends @Nullable Object> {
        T with(EntityManager manager) throws Exception;
    }

    private <T extends @Nullable Object> T with(Work<T> work) {
        Unit outer = CURRENT.get();
        var unit = new Unit(factory.createEntityManager(), new ArrayList<>());
        CURRENT.set(unit);
        int status = Status.STATUS_ROLLEDBACK;
        try {
            T result = work.with(unit.manager);
            status = Status.STATUS_COMMITTED;
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            if (unit.isActive()) {
                unit.manager.getTransaction().rollback();
            }
            unit.manager.close();
            CURRENT.set(outer);
            for (Synchronization observer : unit.observers) {
                observer.afterCompletion(status);
            }
        }
    }

    static boolean inTransaction() {
        Unit unit = CURRENT.get();
        return unit != null && unit.isActive();
    }

    /** The end of the thread's transaction is observed by this one too. */
    static void observe(Synchronization observer) {
        unit().observers.add(observer);
    }

    static void setRollbackOnly() {
        unit().manager.getTransaction().setRollbackOnly();
    }

    private static Unit unit() {
        Unit unit = CURRENT.get();
        if (unit == null) {
            throw new IllegalStateException("no transaction in this thread");
        }
        return unit;
    }

    /** How many statements the work takes. */
    public int statements(Runnable work) {
        int before = statements.get();
        work.run();
        return statements.get() - before;
    }

    /** What it does, counting the statements of connections. */
    private <T> T counting(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        statements.incrementAndGet();
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Connection made ? counting(Connection.class, made) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    public void run(Runnable work) {
        in(() -> {
            work.run();
            return true;
        });
    }

    /** Runs the same work in several threads at once, each in a transaction of its own. */
    public <T> List<T> together(int threads, Callable<T> work) {
        return together(threads, work, 1);
    }

    /** The same, each thread trying again in a new transaction when its own failed, as the application does. */
    public <T> List<T> together(int threads, Callable<T> work, int tries) {
        var pool = Executors.newFixedThreadPool(threads);
        var start = new CyclicBarrier(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return retry(work, tries);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(5, TimeUnit.MINUTES));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("they wait for each other", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private <T> T retry(Callable<T> work, int tries) {
        for (int attempt = 1; ; attempt++) {
            try {
                return in(work);
            } catch (PersistenceException e) {
                if (attempt == tries) {
                    throw e;
                }
            }
        }
    }

    /** What stands in the tables, past the application; each row as its columns in text. */
    public List<List<String>> sql(String query) {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Changes the tables past the application, as an attacker with the database would. */
    public int tamper(String update) {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            return statement.executeUpdate(update);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
