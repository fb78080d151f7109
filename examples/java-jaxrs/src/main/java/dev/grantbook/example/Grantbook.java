package dev.grantbook.example;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** What a bot asks Grantbook. */
record Grantbook(Client http, String url, String key) {

    /** May the bot do what this feature needs for this user? The answer holds the token, or a link for the user. */
    JsonObject access(String subject, String feature) {
        JsonObject question = Json.createObjectBuilder()
                .add("connector", "demo-mixin")
                .add("subject", subject)
                .add("features", Json.createArrayBuilder().add(feature))
                .build();
        try (Response reply = http.target(url)
                .path("/api/v1/access")
                .request()
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                .post(Entity.json(question))) {
            JsonObject answer = reply.readEntity(JsonObject.class);
            if (reply.getStatus() != 200) {
                throw new IllegalStateException(answer.getString("detail"));
            }
            return answer;
        }
    }
}
