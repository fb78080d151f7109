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
final class SpringBoot extends Contestant {

    static final String NAME = "Spring Boot";

    private static final String KEY = "benchmark";

    private final ConsentingProvider provider;
    private final String jar = System.getProperty("bench.spring");

    SpringBoot(BenchDatabase databases, ConsentingProvider provider, Path directory) throws IOException, SQLException {
        super(NAME, "spring", "oauth2_authorized_client", databases, directory);
        this.provider = provider;
    }

    @Override
    List<String> command() {
        return Server.java(List.of(
                "-jar",
                jar,
                "--server.port=" + port,
                "--bench.database=" + databases.url(database),
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

    @Override
    Operation ready() {
        return client -> client.get(base.resolve("/ready")).require(200, "ready");
    }

    @Override
    void seed(int from, int to) throws SQLException {
        databases.run(
                database,
                "INSERT INTO oauth2_authorized_client (client_registration_id, principal_name, access_token_type,"
                        + " access_token_value, access_token_issued_at, access_token_expires_at, access_token_scopes)"
                        + " SELECT 'bench', name, 'Bearer', convert_to('token-of-' || name, 'UTF8'), now(),"
                        + " now() + INTERVAL '1 day', 'PROFILE:READ,ASSETS:READ' FROM "
                        + BenchDatabase.users(from, to),
                "VACUUM ANALYZE oauth2_authorized_client");
    }

    Operation newUser() {
        return client -> client.browse(base.resolve("/oauth2/authorization/bench"), new HashMap<>())
                .require(200, "All set");
    }

    @Override
    Operation token(IntSupplier draw) {
        return client -> {
            int n = draw.getAsInt();
            client.get(base.resolve("/api/token/" + user(n)), "Authorization: Bearer " + KEY)
                    .require(200, "\"" + tokenOf(n) + "\"");
        };
    }
}
