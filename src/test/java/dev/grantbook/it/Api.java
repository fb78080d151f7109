package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;

/** A bot's back end. */
final class Api {

    private final Http http;

    private Api(Http http) {
        this.http = http;
    }

    /** With one of the keys of {@code it-connectors.yaml}, by its name. */
    static Api withKey(String name) {
        return new Api(Http.at(Deployments.base()).with("Authorization", "Bearer " + Secrets.noted("key-" + name)));
    }

    /** The same back end with one more header. */
    Api with(String header, String value) {
        return new Api(http.with(header, value));
    }

    Reply send(String method, String path, String json) throws IOException, InterruptedException {
        return http.with("Content-Type", "application/json").send(method, "/api/v1" + path, json);
    }

    Reply get(String path) throws IOException, InterruptedException {
        return http.get("/api/v1" + path);
    }

    /** The answer to {@code POST /access}, which is always 200 for a well-formed question. */
    JsonObject access(String connector, String subject) throws IOException, InterruptedException {
        return access("{\"connector\":\"" + connector + "\",\"subject\":\"" + subject + "\"}");
    }

    JsonObject access(String question) throws IOException, InterruptedException {
        Reply reply = send("POST", "/access", question);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return json(reply);
    }

    /** The link in the answer of {@code POST /access}. */
    String link(String connector, String subject) throws IOException, InterruptedException {
        return access(connector, subject).getJsonObject("link").getString("url");
    }

    /** Makes an invitation: its id and its link. */
    JsonObject invite(String question) throws IOException, InterruptedException {
        Reply reply = send("POST", "/invitations", question);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return json(reply);
    }

    String invitationStatus(String id) throws IOException, InterruptedException {
        return json(get("/invitations/" + id)).getString("status");
    }

    /** The one grant of a subject, with its history. */
    JsonObject grant(String connector, String subject) throws IOException, InterruptedException {
        var grants = grants(connector, subject).getJsonArray("grants");
        assertThat(grants).hasSize(1);
        return json(get("/grants/" + grants.getJsonObject(0).getString("id")));
    }

    JsonObject grants(String connector, String subject) throws IOException, InterruptedException {
        return json(get("/grants?connector=" + connector + "&subject=" + subject));
    }

    static JsonObject json(Reply reply) {
        try (var reader = Json.createReader(new StringReader(reply.body()))) {
            return reader.readObject();
        }
    }
}
