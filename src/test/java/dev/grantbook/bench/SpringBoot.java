package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import dev.grantbook.testing.ConsentingProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.jar.JarFile;

/** The application of {@code src/bench/spring}: users log in, and their tokens are looked up. */
final class SpringBoot {

    static final String DATABASE = "spring";

    private static final String KEY = "benchmark";

    private final BenchDatabase database;
    private final ConsentingProvider provider;
    private final Path directory;
    private final String jar = System.getProperty("bench.spring");

    SpringBoot(BenchDatabase database, ConsentingProvider provider, Path directory) {
        this.database = database;
        this.provider = provider;
        this.directory = directory;
    }

    Server start() throws IOException, InterruptedException {
        int port = Server.freePort();
        return Server.start(
                port,
                "/ready",
                directory.resolve("spring.log"),
                List.of(
                        "-jar",
                        jar,
                        "--server.port=" + port,
                        "--bench.database=" + database.url(DATABASE),
                        "--spring.datasource.username=" + BenchDatabase.USER,
                        "--spring.datasource.password=" + BenchDatabase.PASSWORD,
                        "--bench.provider=" + provider.address(),
                        "--bench.client=" + ConsentingProvider.CLIENT,
                        "--bench.secret=" + ConsentingProvider.SECRET,
                        "--bench.key=" + KEY));
    }

    String version() throws IOException {
        try (var file = new JarFile(jar)) {
            return "Spring Boot " + file.getManifest().getMainAttributes().getValue("Spring-Boot-Version");
        }
    }

    void seed(int count) throws SQLException {
        database.run(
                DATABASE,
                "INSERT INTO oauth2_authorized_client (client_registration_id, principal_name, access_token_type,"
                        + " access_token_value, access_token_issued_at, access_token_expires_at, access_token_scopes)"
                        + " SELECT 'bench', name, 'Bearer', convert_to('token-of-' || name, 'UTF8'), now(),"
                        + " now() + INTERVAL '1 day', 'PROFILE:READ,ASSETS:READ'"
                        + " FROM generate_series(0, " + (count - 1)
                        + ") n, concat('seed-', lpad(n::text, 7, '0')) name",
                "VACUUM ANALYZE oauth2_authorized_client");
    }

    Operation newUser(Server server) {
        return client -> client.browse(server.base().resolve("/oauth2/authorization/bench"), new HashMap<>())
                .require(200, "All set");
    }

    Operation token(Server server, IntSupplier draw) {
        return client -> {
            int n = draw.getAsInt();
            client.get(server.base().resolve("/api/token/" + Grantbook.subject(n)), "Authorization: Bearer " + KEY)
                    .require(200, "\"" + Grantbook.token(n) + "\"");
        };
    }
}
