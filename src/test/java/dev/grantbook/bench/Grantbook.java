package dev.grantbook.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import dev.grantbook.bench.Load.Operation;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.ConsentingProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.postgresql.PGConnection;

/** The built WAR on Payara Micro, started as {@code docs/deploy.md} says. */
final class Grantbook extends Contestant {

    static final String NAME = "Grantbook";

    private static final String KEY = "gb_benchmark";
    private static final String PASSWORD = "correct horse battery staple";
    static final int BATCH = 100;

    private static final String CONNECTORS = """
            connectors:
              bench:
                name: Bench
                provider: oauth2
                client-id: %s
                client-secret: env:BENCH_SECRET
                public-start: true
                default-scopes: ["PROFILE:READ", "ASSETS:READ"]
                return-urls: [https://app.example.com/chat]
                endpoints: {authorization: MOCK/authorize, token: MOCK/token, account: MOCK/userinfo}
                api: [MOCK/api]
            api-keys:
              bench:
                hash: %s
                permissions: [invite, status, token, proxy]
                requests-per-minute: 1000000
            """;

    Grantbook(BenchDatabase databases, ConsentingProvider provider, Path directory) throws IOException, SQLException {
        super(NAME, "grantbook", "user_grant", databases, directory);
        Files.writeString(
                directory.resolve("connectors.yaml"),
                CONNECTORS
                        .formatted(ConsentingProvider.CLIENT, new Secret(KEY).hash())
                        .replace("MOCK", provider.address()));
    }

    @Override
    List<String> command() throws IOException, InterruptedException {
        return Server.payara(
                port,
                System.getProperty("it.war"),
                directory.resolve("grantbook-server"),
                List.of(
                        "-Dgrantbook.data=" + directory.resolve("data"),
                        "-Dgrantbook.public-url=" + base,
                        "-Dgrantbook.connectors.file=" + directory.resolve("connectors.yaml"),
                        "-Dgrantbook.database.url=" + databases.url(database),
                        "-Dgrantbook.database.user=" + BenchDatabase.USER,
                        "-Dgrantbook.database.password=" + BenchDatabase.PASSWORD,
                        "-Dgrantbook.admin.password=" + PASSWORD,
                        "-Dgrantbook.anonymous.per-minute=1000000",
                        // Without it a provider must speak https.
                        "-Dgrantbook.sandbox.enabled=true",
                        "-DBENCH_SECRET=" + ConsentingProvider.SECRET));
    }

    @Override
    Operation ready() {
        return ready(base);
    }

    private static Operation ready(URI base) {
        return client -> client.get(base.resolve("/health/ready")).require(200, "");
    }

    /** How long {@code ./mvnw} takes on an empty database, and then on the one that this has made. */
    static List<Duration> startFromSource(Path directory) throws IOException, InterruptedException {
        int port = Server.freePort();
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> command = List.of(
                Path.of(windows ? "mvnw.cmd" : "mvnw").toAbsolutePath().toString(),
                "--batch-mode",
                "-Dgrantbook.port=" + port,
                "-Dgrantbook.data=" + directory.resolve("source").toAbsolutePath());
        List<Duration> starts = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            Operation ready = ready(URI.create("http://127.0.0.1:" + port));
            try (var server = Server.start(command, directory.resolve("source.log"), ready)) {
                starts.add(server.start());
            }
        }
        return starts;
    }

    /** Copies the grant of one user to many others, each with a token that is sealed for its own row. */
    @Override
    void seed(int from, int to) throws IOException, SQLException, GeneralSecurityException {
        try (var client = new Client()) {
            newUser().run(client);
        }
        try (Connection connection = databases.connect(database);
                var sql = connection.createStatement()) {
            // Without triggers: the users are new, so that no node has to forget them.
            sql.execute("SET session_replication_role = replica");
            sql.execute("CREATE TEMPORARY TABLE seed (n INTEGER, id VARCHAR(36), token TEXT)");
            Aead vault = vault();
            var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY seed FROM STDIN");
            for (int n = from; n < to; n++) {
                String id = UUID.randomUUID().toString();
                // The row that it belongs to, as Grant names it.
                byte[] place = ("user_grant/" + id + "/access_token").getBytes(UTF_8);
                byte[] sealed = vault.encrypt(tokenOf(n).getBytes(UTF_8), place);
                byte[] line =
                        (n + "\t" + id + "\t" + Base64.getEncoder().encodeToString(sealed) + "\n").getBytes(UTF_8);
                copy.writeToCopy(line, 0, line.length);
            }
            copy.endCopy();
            sql.execute("INSERT INTO user_grant SELECT made.* FROM seed,"
                    + " (SELECT g FROM user_grant g ORDER BY created_at DESC LIMIT 1) last, LATERAL jsonb_populate_record("
                    + "g, jsonb_build_object('id', seed.id, 'subject', 'seed-' || lpad(n::text, 7, '0'),"
                    + " 'account_id', 'account-' || n, 'access_token', token, 'refresh_token', NULL, 'refreshable', FALSE,"
                    + " 'updated_at', (g).updated_at - n * INTERVAL '1 second')) made");
        }
        databases.run(database, "VACUUM ANALYZE user_grant", "CHECKPOINT");
    }

    private Aead vault() throws IOException, GeneralSecurityException {
        Configuration configuration = AeadConfig2026.get();
        String keyset = Files.readString(directory.resolve("data").resolve("keyset.json"));
        return TinkJsonProtoKeysetFormat.parseKeyset(keyset, configuration, InsecureSecretKeyAccess.get())
                .getPrimitive(configuration, Aead.class);
    }

    Operation newUser() {
        return client -> client.browse(base.resolve("/oauth/start/bench"), new HashMap<>())
                .require(200, "<h1>All set");
    }

    @Override
    Operation token(IntSupplier draw) {
        return client -> {
            int n = draw.getAsInt();
            post(client, "access", "\"subject\":\"" + user(n) + "\"").require(200, "\"" + tokenOf(n) + "\"");
        };
    }

    Operation batch(IntSupplier draw) {
        return client -> {
            int[] drawn = IntStream.generate(draw).limit(BATCH).distinct().toArray();
            String subjects =
                    IntStream.of(drawn).mapToObj(Contestant::user).collect(Collectors.joining("\",\"", "\"", "\""));
            post(client, "access:batch", "\"subjects\":[" + subjects + "]").require(200, tokenOf(drawn[0]));
        };
    }

    private Client.Reply post(Client client, String path, String members) throws IOException {
        return client.send(
                "POST",
                base.resolve("/api/v1/" + path),
                "{\"connector\":\"bench\"," + members + "}",
                "Authorization: Bearer " + KEY,
                "Content-Type: application/json");
    }

    Operation proxied(IntSupplier draw) {
        return client -> client.get(
                        base.resolve("/api/v1/proxy/bench/" + user(draw.getAsInt()) + "/assets"),
                        "Authorization: Bearer " + KEY)
                .require(200, "assets");
    }

    /** A page of the console, as an administrator sees it. */
    Operation page(String path, String words) throws IOException {
        String session = signIn();
        return client ->
                client.get(base.resolve(path), "Accept: text/html", session).require(200, words);
    }

    private String signIn() throws IOException {
        try (var client = new Client()) {
            var cookies = new HashMap<String, String>();
            var page = client.browse(base.resolve("/sign-in"), cookies);
            Element form = Objects.requireNonNull(
                    Jsoup.parse(page.body()).selectFirst("form:has(input[type=password])"), "the form to sign in with");
            var fields = new Parameters();
            for (Element field : form.select("input[name], button[name]")) {
                fields.with(field.attr("name"), field.val());
            }
            fields.with("enter:name", "admin").with("enter:password", PASSWORD);
            var reply = client.send(
                    "POST",
                    page.address().resolve(form.attr("action")),
                    fields.encoded(),
                    "Content-Type: application/x-www-form-urlencoded",
                    "Sec-Fetch-Site: same-origin",
                    Client.cookie(cookies));
            Client.keep(reply, cookies);
            return Client.cookie(cookies);
        }
    }
}
