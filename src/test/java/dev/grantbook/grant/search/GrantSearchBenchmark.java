package dev.grantbook.grant.search;

import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.GrantedSet;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.persistence.MigratedDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long each combination of filters takes that the console offers, over a million grants: {@code ./mvnw -Pbench
 * verify -Dit.test=GrantSearchBenchmark}. Prints a table; {@code -Dgrantbook.bench.grants=} sets another number.
 */
class GrantSearchBenchmark {

    private static final int ROWS = Integer.getInteger("grantbook.bench.grants", 1_000_000);

    private static final int REPETITIONS = 3;
    private static final int CHUNK = 20_000;
    private static final int SLOTS = 64;
    private static final String ID = "00000000-0000-0000-0000-00000";
    private static final Instant NEWEST = Instant.parse("2026-11-01T00:00:00Z");

    private static final Scopes ALWAYS = Scopes.of("PROFILE:READ");
    private static final Scopes MIXIN = Scopes.of(
            "ASSETS:READ", "SNAPSHOTS:READ", "CONTACTS:READ", "PHONE:READ", "MESSAGES:REPRESENT", "COLLECTIBLES:READ");

    /** Nobody holds one of these two without the other, so that held one and missing the other finds nothing. */
    private static final Scopes TWINS = Scopes.of("CIRCLES:READ", "CIRCLES:WRITE");

    private final PrintStream out = System.out;

    @Test
    void h2(@TempDir Path directory) throws SQLException {
        var database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + directory.resolve("bench") + ";DB_CLOSE_DELAY=-1");
        measure("H2, file", database, true);
    }

    @Test
    void postgresql() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            measure("PostgreSQL, as installed", server.getPostgresDatabase(), false);
        }
    }

    private record Measured(GrantQuery query, Duration time, int found) {}

    private void measure(String name, DataSource database, boolean h2) throws SQLException {
        MigratedDatabase.migrate(database);
        long started = System.nanoTime();
        fill(database, h2);
        out.printf(
                "%n%s: %,d grants made in %d s; %s %s, %d processors, Java %s%n",
                name,
                ROWS,
                Duration.ofNanos(System.nanoTime() - started).toSeconds(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        try (EntityManagerFactory factory = Persistence.createEntityManagerFactory(
                "grantbook",
                Map.of(
                        "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                        "jakarta.persistence.nonJtaDataSource", database,
                        "jakarta.persistence.jtaDataSource", "",
                        "eclipselink.weaving", "false",
                        "eclipselink.logging.level", "WARNING"))) {
            var all = new ArrayList<Measured>();
            for (GrantQuery query : queries()) {
                all.add(measure(factory, query));
            }
            report(all);
        }
    }

    private void report(List<Measured> all) {
        Duration plain = all.get(0).time();
        List<Measured> slowest = all.stream()
                .sorted(Comparator.comparing(Measured::time).reversed())
                .toList();
        out.printf(
                "%d combinations; first page without a filter %.1f ms; median %.1f ms; 99%% below %.1f ms%n",
                all.size(),
                millis(plain),
                millis(slowest.get(slowest.size() / 2).time()),
                millis(slowest.get(slowest.size() / 100).time()));
        out.println("The slowest, with their ratio to the first page without a filter:");
        for (Measured one : slowest.subList(0, 12)) {
            GrantQuery query = one.query();
            out.printf(
                    "  %8.1f ms  %6.1fx  %3d found  %s%n",
                    millis(one.time()),
                    millis(one.time()) / millis(plain),
                    one.found(),
                    "connector=" + query.connector() + " statuses=" + query.statuses() + " held=" + query.scope()
                            + " missing="
                            + query.missingScope() + " text=" + query.text() + " by=" + query.sort()
                            + (query.after() == null ? "" : " deep"));
        }
    }

    @SuppressWarnings("UnnecessaryAssignment") // no server injects here
    private static Measured measure(EntityManagerFactory factory, GrantQuery query) {
        Duration best = Duration.ofDays(1);
        int found = 0;
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            try (EntityManager entities = factory.createEntityManager()) {
                var search = new GrantSearch();
                search.entities = entities;
                entities.getTransaction().begin();
                long started = System.nanoTime();
                found = search.page(query).grants().size();
                Duration time = Duration.ofNanos(System.nanoTime() - started);
                entities.getTransaction().commit();
                best = time.compareTo(best) < 0 ? time : best;
            }
        }
        return new Measured(query, best, found);
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static List<GrantQuery> queries() {
        GrantCursor middle = new GrantCursor(
                NEWEST.minusSeconds(ROWS * 30L), new Subject("user-%07d".formatted(ROWS / 2)), new GrantId(""));
        var all = new ArrayList<GrantQuery>();
        for (GrantCursor after : new @Nullable GrantCursor[] {null, middle}) {
            for (Sort sort : Sort.values()) {
                for (String text : new @Nullable String[] {null, "user-00012", "user-01", "user-08", "user", "zhang"}) {
                    for (String missing : new @Nullable String[] {null, "ASSETS:READ", "CIRCLES:READ", "PHONE:READ"}) {
                        for (String held : new @Nullable String[] {null, "ASSETS:READ", "CIRCLES:WRITE"}) {
                            for (GrantStatus status : new @Nullable GrantStatus[] {
                                null, GrantStatus.ACTIVE, GrantStatus.EXPIRED, GrantStatus.REVOKED
                            }) {
                                for (String connector : new @Nullable String[] {null, "large", "small"}) {
                                    all.add(new GrantQuery(
                                            new ConnectorId(connector),
                                            null,
                                            GrantStatus.only(status),
                                            held,
                                            missing,
                                            null,
                                            text,
                                            sort,
                                            after,
                                            25));
                                }
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    /**
     * One connector has all grants but one in ten thousand. One grant in ten thousand is revoked, one in ten expired.
     */
    private static void fill(DataSource database, boolean h2) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO connector VALUES ('large', '{}', TRUE, 1), ('small', '{}', TRUE, 1)");
            sql.execute(
                    "CREATE TABLE slot (n INTEGER PRIMARY KEY, large VARCHAR(32), small VARCHAR(32), scopes VARCHAR(500))");
            try (PreparedStatement slot = connection.prepareStatement("INSERT INTO slot VALUES (?, ?, ?, ?)");
                    PreparedStatement set = connection.prepareStatement("INSERT INTO granted_set VALUES (?, ?, ?)")) {
                for (int n = 0; n < SLOTS; n++) {
                    Scopes scopes = scopes(n);
                    slot.setInt(1, n);
                    slot.setString(2, addSet(set, "large", scopes));
                    slot.setString(3, addSet(set, "small", scopes));
                    slot.setString(4, scopes.toString());
                    slot.executeUpdate();
                }
            }
            for (int from = 1; from <= ROWS; from += CHUNK) {
                int to = Math.min(ROWS, from + CHUNK - 1);
                sql.execute(grants(h2, from, to));
                for (String word : List.of("subject", "account_id", "LOWER(account_name)", "'zhang'")) {
                    sql.execute("INSERT INTO grant_word (word, grant_id) SELECT " + word
                            + ", id FROM user_grant WHERE id BETWEEN '" + id(from) + "' AND '" + id(to) + "'");
                }
            }
            sql.execute("DROP TABLE slot");
            // What PostgreSQL does by itself within minutes.
            sql.execute(h2 ? "ANALYZE" : "VACUUM ANALYZE");
        }
    }

    private static String grants(boolean h2, int from, int to) {
        String number = "LPAD(CAST(x AS VARCHAR(10)), 7, '0')";
        // Products, so that a few combinations have most grants.
        String slot = "MOD(MOD(x, 8) * MOD(x / 8, 8) + MOD(x / 64, 8), " + SLOTS + ")";
        String time = h2
                ? "DATEADD(SECOND, -60 * x, TIMESTAMP WITH TIME ZONE '2026-11-01 00:00:00+00')"
                : "TIMESTAMP WITH TIME ZONE '2026-11-01 00:00:00+00' - x * INTERVAL '60 seconds'";
        String numbers = h2 ? "SYSTEM_RANGE(%d, %d)" : "generate_series(%d, %d) AS numbers (x)";
        return """
                INSERT INTO user_grant (id, connector, subject, account_id, account_name, status, granted, granted_set,
                    access_token, token_type, expires_at, verified_at, created_at, updated_at, version)
                SELECT '%s' || NUMBER,
                    CASE WHEN MOD(x, 10000) = 77 THEN 'small' ELSE 'large' END,
                    'user-' || NUMBER, 'account-' || NUMBER, 'Zhang ' || NUMBER,
                    CASE WHEN MOD(x, 10000) = 55 THEN 'REVOKED' WHEN MOD(x, 10) = 3 THEN 'EXPIRED' ELSE 'ACTIVE' END,
                    slot.scopes,
                    CASE WHEN MOD(x, 10000) = 77 THEN slot.small ELSE slot.large END,
                    REPEAT('a', 300), 'Bearer', NULL, TIME, TIME, TIME, 1
                FROM NUMBERS JOIN slot ON slot.n = SLOT
                """.formatted(ID)
                .replace("NUMBERS", numbers.formatted(from, to))
                .replace("NUMBER", number)
                .replace("TIME", time)
                .replace("SLOT", slot);
    }

    private static String id(int number) {
        return ID + "%07d".formatted(number);
    }

    private static String addSet(PreparedStatement insert, String connector, Scopes scopes) throws SQLException {
        String id = GrantedSet.idOf(new ConnectorId(connector), scopes);
        insert.setString(1, id);
        insert.setString(2, connector);
        insert.setString(3, scopes.toString());
        insert.executeUpdate();
        return id;
    }

    /** Every combination of six permissions; the twins go to one of four. */
    private static Scopes scopes(int n) {
        var granted = new ArrayList<>(ALWAYS.toList());
        List<String> optional = MIXIN.toList();
        for (int bit = 0; bit < optional.size(); bit++) {
            if ((n >> bit & 1) == 0) {
                granted.add(optional.get(bit));
            }
        }
        if (n % 4 == 1) {
            granted.addAll(TWINS.toList());
        }
        return Scopes.of(granted);
    }
}
