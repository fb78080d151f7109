package dev.grantbook.example;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import jakarta.json.JsonObject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.UUID;

/** A bot whose chat is the terminal. Its user is somebody new each time; a real bot knows them from the messenger. */
public final class Bot {

    private final Client http;
    private final Grantbook grantbook;
    private final String mixin;
    private final String user = UUID.randomUUID().toString();

    private Bot(Client http, Grantbook grantbook, String mixin) {
        this.http = http;
        this.grantbook = grantbook;
        this.mixin = mixin;
    }

    public static void main(String[] arguments) throws IOException {
        String url = setting("GRANTBOOK_URL", "http://localhost:8080");
        String key = System.getenv("GRANTBOOK_KEY");
        if (key == null) {
            key = Files.readString(Path.of("../../data/demo-api-key")).strip();
        }
        try (Client http = ClientBuilder.newClient();
                Scanner chat = new Scanner(System.in)) {
            Bot bot = new Bot(http, new Grantbook(http, url, key), setting("MIXIN_URL", url + "/sandbox/at/mixin"));
            System.out.println("Bot: Say \"portfolio\", and I add up what you own.");
            while (chat.hasNextLine()) {
                System.out.println("Bot: " + bot.answer(chat.nextLine().strip()));
            }
        }
    }

    private String answer(String words) {
        try {
            return words.equals("portfolio") ? portfolio() : "I only understand \"portfolio\".";
        } catch (ProcessingException e) {
            System.err.println(e.getMessage()); // what went wrong is for the log, not for the chat
            return "Something went wrong. Please try again later.";
        }
    }

    private String portfolio() {
        JsonObject access = grantbook.access(user, "portfolio");
        if (access.getString("status").equals("authorized")) {
            try (Response reply = assets(access.getString("access_token"))) {
                JsonObject body = reply.readEntity(JsonObject.class);
                if (body.containsKey("data")) {
                    return access.getJsonObject("account").getString("name") + ", you own " + sum(body) + ".";
                }
                // Grantbook finds out whether the token is dead, a scope is missing, or it was something that passes.
                grantbook.rejected(user, reply.getStatus(), body);
            }
            access = grantbook.access(user, "portfolio");
        }
        return switch (access.getString("status")) {
            case "authorized" -> "That did not work. Please ask me again.";
            case "missing_scopes" -> "I still lack a permission for that: " + link(access);
            default -> "I need your permission for that: " + link(access) + " Then ask me again.";
        };
    }

    private static String link(JsonObject access) {
        return access.getJsonObject("link").getString("url");
    }

    private Response assets(String token) {
        return http.target(mixin)
                .path("/assets")
                .request()
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .get();
    }

    private static String sum(JsonObject assets) {
        return assets.getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .map(asset -> asset.getString("balance") + " " + asset.getString("symbol"))
                .collect(joining(", "));
    }

    private static String setting(String name, String otherwise) {
        return requireNonNullElse(System.getenv(name), otherwise);
    }
}
