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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
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
final class Grantbook {

    static final String DATABASE = "grantbook";

    private static final String KEY = "gb_benchmark";
    private static final String PASSWORD = "correct horse battery staple";
    private static final int BATCH = 100;

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

    private final BenchDatabase database;
    private final Path directory;
    private final int port = Server.freePort();

    Grantbook(BenchDatabase database, ConsentingProvider provider, Path directory) throws IOException {
        this.database = database;
        this.directory = directory;
        Files.writeString(
                directory.resolve("connectors.yaml"),
                CONNECTORS
                        .formatted(ConsentingProvider.CLIENT, new Secret(KEY).hash())
                        .replace("MOCK", provider.address()));
    }

    Server start() throws IOException, InterruptedException {
        var arguments = new ArrayList<>(flags());
        arguments.addAll(List.of(
                "-Dgrantbook.data=" + directory.resolve("data"),
                "-Dgrantbook.public-url=http://127.0.0.1:" + port,
                "-Dgrantbook.connectors.file=" + directory.resolve("connectors.yaml"),
                "-Dgrantbook.database.url=" + database.url(DATABASE),
                "-Dgrantbook.database.user=" + BenchDatabase.USER,
                "-Dgrantbook.database.password=" + BenchDatabase.PASSWORD,
                "-Dgrantbook.admin.password=" + PASSWORD,
                "-Dgrantbook.anonymous.per-minute=1000000",
                // Without it a provider must speak https.
                "-Dgrantbook.sandbox.enabled=true",
                "-DBENCH_SECRET=" + ConsentingProvider.SECRET,
                "-Dhazelcast.socket.bind.any=false",
                "-jar",
                System.getProperty("it.payara"),
                "--nocluster",
                "--port",
                String.valueOf(port),
                "--prebootcommandfile",
                "src/main/payara/loopback.txt",
                "--systemproperties",
                "src/main/payara/system.properties",
                "--logproperties",
                "src/main/payara/logging.properties",
                "--contextroot",
                "/",
                "--deploy",
                System.getProperty("it.war")));
        return Server.start(port, "/health/ready", directory.resolve("grantbook.log"), arguments);
    }

    /** More flags for the JVM, for whoever wants to know what they give. */
    private static List<String> flags() {
        return List.of(System.getProperty("grantbook.bench.flags", "").split(" ", -1)).stream()
                .filter(flag -> !flag.isEmpty())
                .toList();
    }

    /** Copies the grant of one user to many others, each with a token that is sealed for its own row. */
    void seed(Server server, int count) throws IOException, SQLException, GeneralSecurityException {
        try (var client = new Client()) {
            newUser(server).run(client);
        }
        try (Connection connection = database.connect(DATABASE);
                var sql = connection.createStatement()) {
            sql.execute("CREATE UNLOGGED TABLE seed (n INTEGER, id VARCHAR(36), token TEXT)");
            Aead vault = vault();
            var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY seed FROM STDIN");
            for (int n = 0; n < count; n++) {
                String id = UUID.randomUUID().toString();
                // The row that it belongs to, as Grant names it.
                byte[] place = ("user_grant/" + id + "/access_token").getBytes(UTF_8);
                byte[] sealed = vault.encrypt(token(n).getBytes(UTF_8), place);
                byte[] line =
                        (n + "\t" + id + "\t" + Base64.getEncoder().encodeToString(sealed) + "\n").getBytes(UTF_8);
                copy.writeToCopy(line, 0, line.length);
            }
            copy.endCopy();
            sql.execute(
                    "INSERT INTO user_grant SELECT made.* FROM seed, user_grant first, LATERAL jsonb_populate_record("
                            + "first, jsonb_build_object('id', seed.id, 'subject', 'seed-' || lpad(n::text, 7, '0'),"
                            + " 'account_id', 'account-' || n, 'access_token', token, 'refresh_token', NULL, 'refreshable', FALSE,"
                            + " 'updated_at', first.updated_at - n * INTERVAL '1 second')) made");
            sql.execute("DROP TABLE seed");
            sql.execute("VACUUM ANALYZE user_grant");
        }
    }

    private Aead vault() throws IOException, GeneralSecurityException {
        Configuration configuration = AeadConfig2026.get();
        String keyset = Files.readString(directory.resolve("data").resolve("keyset.json"));
        return TinkJsonProtoKeysetFormat.parseKeyset(keyset, configuration, InsecureSecretKeyAccess.get())
                .getPrimitive(configuration, Aead.class);
    }

    static String subject(int n) {
        return "seed-%07d".formatted(n);
    }

    static String token(int n) {
        return "token-of-" + subject(n);
    }

    Operation newUser(Server server) {
        return client -> client.browse(server.base().resolve("/oauth/start/bench"), new HashMap<>())
                .require(200, "<h1>All set");
    }

    /** @param draw the number of a seeded user */
    Operation access(Server server, IntSupplier draw) {
        return client -> {
            int n = draw.getAsInt();
            post(client, server, "access", "\"subject\":\"" + subject(n) + "\"").require(200, "\"" + token(n) + "\"");
        };
    }

    Operation batch(Server server, IntSupplier draw) {
        return client -> {
            int[] drawn = IntStream.generate(draw).limit(BATCH).distinct().toArray();
            String subjects =
                    IntStream.of(drawn).mapToObj(Grantbook::subject).collect(Collectors.joining("\",\"", "\"", "\""));
            post(client, server, "access:batch", "\"subjects\":[" + subjects + "]")
                    .require(200, token(drawn[0]));
        };
    }

    private static Client.Reply post(Client client, Server server, String path, String members) throws IOException {
        return client.send(
                "POST",
                server.base().resolve("/api/v1/" + path),
                "{\"connector\":\"bench\"," + members + "}",
                "Authorization: Bearer " + KEY,
                "Content-Type: application/json");
    }

    Operation proxied(Server server, IntSupplier draw) {
        return client -> client.get(
                        server.base().resolve("/api/v1/proxy/bench/" + subject(draw.getAsInt()) + "/assets"),
                        "Authorization: Bearer " + KEY)
                .require(200, "assets");
    }

    /** A page of the console, as an administrator sees it. */
    Operation page(Server server, String path, String words) throws IOException {
        String session = signIn(server);
        return client -> client.get(server.base().resolve(path), "Accept: text/html", session)
                .require(200, words);
    }

    private static String signIn(Server server) throws IOException {
        try (var client = new Client()) {
            var cookies = new HashMap<String, String>();
            var page = client.browse(server.base().resolve("/sign-in"), cookies);
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
