package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The WAR of {@code src/bench/bare}, which looks users up in JPA's cache and does nothing else, on the server that
 * Grantbook runs on: what that server costs by itself.
 */
final class BareServer extends Contestant {

    static final String NAME = "bare server";

    private static final String KEY = "benchmark";

    BareServer(BenchDatabase databases, Path directory) throws IOException, SQLException {
        super(NAME, "bare", "token", databases, directory);
        databases.run(database, "CREATE TABLE token (owner TEXT PRIMARY KEY, access_token TEXT, granted TEXT)");
    }

    @Override
    List<String> command() throws IOException, InterruptedException {
        return Server.payara(
                port,
                System.getProperty("bench.bare"),
                directory.resolve("bare-server"),
                List.of(
                        "-Dbench.database=" + databases.url(database),
                        "-Dbench.user=" + BenchDatabase.USER,
                        "-Dbench.password=" + BenchDatabase.PASSWORD,
                        "-Dbench.key=" + KEY));
    }

    @Override
    Operation ready() {
        return client -> client.get(base.resolve("/hello")).require(200, "hello");
    }

    @Override
    void seed(int from, int to) throws SQLException {
        databases.run(
                database,
                "INSERT INTO token SELECT name, 'token-of-' || name, 'PROFILE:READ ASSETS:READ' FROM "
                        + BenchDatabase.users(from, to),
                "VACUUM ANALYZE token");
    }

    @Override
    Operation token(IntSupplier draw) {
        return client -> {
            int n = draw.getAsInt();
            client.get(base.resolve("/token/" + user(n)), "Authorization: Bearer " + KEY)
                    .require(200, "\"" + tokenOf(n) + "\"");
        };
    }
}
