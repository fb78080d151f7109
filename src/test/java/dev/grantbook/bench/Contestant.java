package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Who is measured: a program that keeps users and their tokens in a database of its own, and its process. */
abstract class Contestant implements AutoCloseable {

    final String name;
    final String database;
    final BenchDatabase databases;
    final Path directory;
    final int port = Server.freePort();
    final URI base = URI.create("http://127.0.0.1:" + port);

    private final String users;
    private final List<Duration> starts = new ArrayList<>();
    private double memoryAtStart;
    private @Nullable Server server;

    /**
     * Makes its database.
     *
     * @param users table that look-ups read
     */
    Contestant(String name, String database, String users, BenchDatabase databases, Path directory)
            throws IOException, SQLException {
        this.name = name;
        this.database = database;
        this.users = users;
        this.databases = databases;
        this.directory = directory;
        databases.create(database);
    }

    abstract List<String> command() throws IOException, InterruptedException;

    /** What it answers before it has users. */
    abstract Operation ready();

    /** Makes users with tokens. */
    abstract void seed(int from, int to) throws IOException, SQLException, GeneralSecurityException;

    /** @param draw the number of a user */
    abstract Operation token(IntSupplier draw);

    static String user(int n) {
        return "seed-%07d".formatted(n);
    }

    static String tokenOf(int n) {
        return "token-of-" + user(n);
    }

    /** @param first what it must answer to be there */
    void start(Operation first) throws IOException, InterruptedException {
        server = Server.start(command(), directory.resolve(database + ".log"), first);
        starts.add(server.start());
        memoryAtStart = server.memory();
    }

    Life life() throws IOException {
        return new Life(name, starts, memoryAtStart, running().memory());
    }

    private Server running() {
        return Objects.requireNonNull(server, "it runs");
    }

    Usage usage() throws IOException, SQLException {
        return new Usage(
                running().cpu().toNanos() / 1e6,
                databases.statements(database, ""),
                databases.statements(database, "FROM " + users),
                running().logLines(),
                running().memory());
    }

    Trial trial(String what, Operation operation) {
        return new Trial(what, name, this::usage, operation);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }
}
