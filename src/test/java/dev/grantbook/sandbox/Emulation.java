package dev.grantbook.sandbox;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Secret;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.consent.Consents;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.InjectedField;
import dev.grantbook.testing.TestClock;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An emulated provider with one bot registered, as browsers and programs meet it. */
public final class Emulation {

    public static final String CLIENT_ID = "bot-1";
    public static final Secret CLIENT_SECRET = new Secret("a-client-secret-of-thirty-two-bytes-or-more");
    public static final String REDIRECT_URI = "https://grantbook.example/oauth/callback/bot";
    public static final String STATE = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    public static final Pkce PKCE = new Pkce(new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    public final TestClock clock = new TestClock();
    public final SandboxAuthorizations authorizations = new SandboxAuthorizations();
    public final SandboxKeys keys = new SandboxKeys();
    public final SandboxClients clients;

    private final Database database = Database.h2();
    private final Consents consents = new Consents();
    private final Connector bot;
    private final Dialect dialect;

    public Emulation(Configuration configuration, Path data, Dialect dialect) {
        this(
                configuration,
                data,
                "{\"provider\": \"" + dialect.id() + "\", \"client-id\": \"bot-1\", \"client-secret\": \"env:X\"}",
                dialect);
    }

    public Emulation(Configuration configuration, Path data, String definition, Dialect dialect) {
        var settings = configuration.with("grantbook.data", data.toString()).settings();
        bot = TestConnectors.of(
                definition, TestProviders.catalogue(settings).find(dialect.id()).orElseThrow());
        clients = new RegisteredBot(bot);
        InjectedField.set(authorizations, "entities", database.entities());
        InjectedField.set(authorizations, "clock", clock);
        InjectedField.set(authorizations, "random", new SecureRandom());
        keys.settings = settings;
        clients.settings = settings;
        InjectedField.set(consents, "clients", clients);
        InjectedField.set(consents, "authorizations", authorizations);
        database.tamper("DELETE FROM sandbox_authorization");
        dialect.clients = clients;
        dialect.authorizations = authorizations;
        dialect.keys = keys;
        dialect.clock = clock;
        this.dialect = dialect;
    }

    /** All bots of the sandbox share one secret; here there is one bot. */
    private static final class RegisteredBot extends SandboxClients {

        private final Connector bot;

        RegisteredBot(Connector bot) {
            this.bot = bot;
        }

        @Override
        public Optional<Connector> at(String dialect, String clientId) {
            return Optional.of(bot).filter(known -> known.clientId().equals(clientId));
        }

        @Override
        public URI redirectUri(Connector client) {
            return URI.create(REDIRECT_URI);
        }

        @Override
        public Secret secret() {
            return CLIENT_SECRET;
        }
    }

    public Connector bot() {
        return bot;
    }

    public Database database() {
        return database;
    }

    /** An authorization request in which nothing is wrong, for these scopes as the provider separates them. */
    public static Parameters request(String scopes) {
        return new Parameters()
                .with("response_type", "code")
                .with("client_id", CLIENT_ID)
                .with("redirect_uri", REDIRECT_URI)
                .with("scope", scopes)
                .with("state", STATE)
                .with("code_challenge", PKCE.s256())
                .with("code_challenge_method", "S256");
    }

    /** A token request in which nothing is wrong but that no client proves itself. */
    public static Parameters exchange(String code) {
        return new Parameters()
                .with("grant_type", "authorization_code")
                .with("code", code)
                .with("redirect_uri", REDIRECT_URI)
                .with("code_verifier", PKCE.verifier().value());
    }

    public static Parameters refresh(String token) {
        return new Parameters().with("grant_type", "refresh_token").with("refresh_token", token);
    }

    public static Parameters withSecret(Parameters form) {
        return form.with("client_id", CLIENT_ID).with("client_secret", CLIENT_SECRET.value());
    }

    public static Map<String, String> basic() {
        String pair = CLIENT_ID + ":" + CLIENT_SECRET.value();
        return Map.of(
                "authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** What the consent page would ask. */
    public ConsentQuestion ask(Parameters request) {
        return database.in(() -> consents.read(dialect, request.encoded()));
    }

    /** What the user is sent back with, who allows what is ticked. */
    public Parameters allow(Parameters request, String... ticked) {
        return decide(request, "authorize", ticked);
    }

    public Parameters refuse(Parameters request) {
        return decide(request, "cancel");
    }

    private Parameters decide(Parameters request, String decision, String... ticked) {
        StringBuilder form = new StringBuilder(new Parameters()
                .with("request", request.encoded())
                .with("account", SandboxAccount.ALICE.userId())
                .with("decision", decision)
                .encoded());
        for (String scope : ticked) {
            form.append('&').append(new Parameters().with("scope", scope).encoded());
        }
        URI back = database.in(() -> consents.decide(dialect, Parameters.parse(form.toString())));
        return Parameters.parse(back.getRawQuery());
    }

    /** The code of a user who allows what is ticked. */
    public String code(Parameters request, String... ticked) {
        return String.valueOf(allow(request, ticked).get("code"));
    }

    public SandboxReply post(String path, Parameters form) {
        return post(path, form, Map.of());
    }

    public SandboxReply post(String path, Parameters form, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("content-type", "application/x-www-form-urlencoded");
        return answer(new SandboxCall("POST", path, new Parameters(), all, form.encoded()));
    }

    public SandboxReply postJson(String path, Parameters fields, Map<String, String> headers) {
        var json = Json.createObjectBuilder();
        fields.names().forEach(name -> json.add(name, String.valueOf(fields.get(name))));
        var all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        return answer(new SandboxCall(
                "POST", path, new Parameters(), all, json.build().toString()));
    }

    public SandboxReply get(String path, String token) {
        return answer(new SandboxCall("GET", path, new Parameters(), Map.of("authorization", "Bearer " + token), ""));
    }

    public SandboxReply get(String path, Parameters query) {
        return answer(new SandboxCall("GET", path, query, Map.of(), ""));
    }

    public SandboxReply answer(SandboxCall call) {
        return database.in(() -> {
            try {
                return dialect.answer(call);
            } catch (Refusal refusal) {
                return refusal.answer();
            }
        });
    }

    public static JsonObject json(SandboxReply answer) {
        return json(answer.body());
    }

    /** The claims of an ID token, unchecked. */
    public static JsonObject claims(SandboxReply answer) {
        String payload = json(answer).getString("id_token").split("\\.", -1)[1];
        return json(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
