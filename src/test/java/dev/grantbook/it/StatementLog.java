package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL that writes down each statement before it runs it, with the transaction that it belongs to. */
final class StatementLog implements AutoCloseable {

    /** The virtual transaction, and what was sent; further lines of a statement begin with a tab. */
    private static final Pattern ENTRY =
            Pattern.compile("tx=([^:]+):LOG:  (?:statement|execute [^:]+): ((?s:.*?))(?=\n(?!\t)|\\z)");

    private static final Set<String> BOUNDARIES = Set.of("BEGIN", "COMMIT", "ROLLBACK");

    /** One statement, and the transaction that it ran in: without BEGIN, one of its own. */
    record Statement(String transaction, String sql) {}

    private final Path file;
    private final EmbeddedPostgres server;

    private StatementLog(Path file) throws IOException {
        this.file = file;
        this.server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(3))
                .setLocaleConfig("locale", "C")
                .setServerConfig("log_statement", "all")
                .setServerConfig("log_line_prefix", "tx=%v:")
                .setServerConfig("log_parameter_max_length", "0")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .start();
    }

    static StatementLog start() throws IOException {
        Path file = Path.of("target", "statements-" + Deployments.port() + ".log");
        Files.deleteIfExists(file);
        return new StatementLog(file);
    }

    PostgreSql.Database database() {
        return new PostgreSql.Database(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres", "postgres", "postgres");
    }

    long end() {
        return file.toFile().length();
    }

    /**
     * What was sent since then, but for the boundaries of transactions and the empty questions whether a connection
     * lives.
     */
    List<Statement> since(long end) throws IOException {
        var statements = new ArrayList<Statement>();
        Matcher entries = ENTRY.matcher(text(end));
        while (entries.find()) {
            String sql = entries.group(2).strip().replaceAll("\\s+", " ");
            if (!sql.isEmpty() && !BOUNDARIES.contains(sql)) {
                statements.add(new Statement(entries.group(1), sql));
            }
        }
        return statements;
    }

    private String text(long from) throws IOException {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(from);
            byte[] rest = new byte[Math.toIntExact(log.length() - from)];
            log.readFully(rest);
            return new String(rest, UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
