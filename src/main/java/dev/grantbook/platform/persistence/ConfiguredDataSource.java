package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Producers;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.Settings.DatabaseSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections to the database that {@link Settings} names. The server pools them under
 * {@code java:app/jdbc/grantbook}, as {@code web.xml} says, so that the WAR needs no set-up in the server's
 * administration.
 */
public class ConfiguredDataSource implements DataSource {

    /** Address of a database in a file of this machine; other kinds have another word before a colon. */
    private static final Pattern H2_FILE =
            Pattern.compile("^jdbc:h2:(?:file:)?(?!mem:|tcp:|ssl:|zip:|nio[A-Za-z]*:|async:|split:|classpath:)([^;]+)");

    private static final AtomicBoolean REACHED = new AtomicBoolean();

    private @Nullable DataSource target;
    private @Nullable RenewedConnections connections;

    /** Called by the server with the URL of {@code web.xml}. */
    public void setUrl(String url) {
        // The address is in the settings.
    }

    private synchronized DataSource target() {
        if (target == null) {
            target = open(Settings.read());
        }
        return target;
    }

    /** Opens no pool: each connection is a new one. */
    public static DataSource open(Settings settings) {
        DatabaseSettings database = settings.database();
        String url = database.url();
        if (url.startsWith("jdbc:h2:")) {
            // H2 would make them readable for everybody.
            H2_FILE.matcher(url).results().findFirst().ifPresent(found -> close(settings, url, found.group(1)));
            var h2 = new JdbcDataSource();
            h2.setURL(url);
            h2.setUser(database.user());
            h2.setPassword(database.password());
            return h2;
        }
        var postgres = new PGSimpleDataSource();
        postgres.setUrl(url);
        postgres.setUser(database.user());
        postgres.setPassword(database.password());
        return postgres;
    }

    private synchronized RenewedConnections connections() {
        if (connections == null) {
            connections = new RenewedConnections(target());
        }
        return connections;
    }

    private static void close(Settings settings, String url, String database) {
        Path base = Path.of(database.replaceFirst(
                        "^~(?=[/\\\\])", Matcher.quoteReplacement(System.getProperty("user.home"))))
                .toAbsolutePath()
                .normalize();
        Path directory = base.resolveSibling(".").normalize();
        if (directory.equals(settings.data()) || !Files.exists(directory)) {
            PrivateFile.directory(directory);
        }
        Path file = base.resolveSibling(base.getFileName() + ".mv.db");
        if (Files.exists(file) || !url.toUpperCase(Locale.ROOT).contains(";IFEXISTS=TRUE")) {
            PrivateFile.make(file);
        }
        Path trace = base.resolveSibling(base.getFileName() + ".trace.db");
        if (Files.exists(trace)) {
            PrivateFile.close(trace);
        }
    }

    /** Waits for a database that is away before the first connection of this node: nothing would restart the node. */
    @Override
    public Connection getConnection() throws SQLException {
        if (REACHED.get()) {
            return connections().open();
        }
        var settings = Settings.read();
        synchronized (REACHED) {
            try {
                return REACHED.get()
                        ? connections().open()
                        : new DatabaseWait(Producers.clock(), ConfiguredDataSource::sleep)
                                .first(connections()::open, settings.database().patience());
            } finally {
                // Also when it gave up: later callers fail at once.
                REACHED.set(true);
            }
        }
    }

    private static void sleep(Duration pause) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    }

    /** Ignores the server's (absent) credentials; ours are in the settings. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return target().getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        target().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target().getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (isWrapperFor(type)) {
            return type.cast(this);
        }
        throw new SQLException("not a wrapper for " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
