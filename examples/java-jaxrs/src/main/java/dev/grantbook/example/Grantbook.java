package dev.grantbook.example;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
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
        return answer(request(api().path("access")).buildPost(Entity.json(question)));
    }

    /** Tells what the provider said to a call with the user's token. The next {@link #access} takes it into account. */
    void rejected(String subject, int status, JsonValue body) {
        JsonObject active = answer(request(api().path("grants")
                        .queryParam("connector", "demo-mixin")
                        .queryParam("subject", subject)
                        .queryParam("status", "active"))
                .buildGet());
        JsonObject refusal =
                Json.createObjectBuilder().add("status", status).add("body", body).build();
        for (JsonObject grant : active.getJsonArray("grants").getValuesAs(JsonObject.class)) {
            answer(request(api().path("grants").path(grant.getString("id")).path("rejected"))
                    .buildPost(Entity.json(refusal)));
        }
    }

    private WebTarget api() {
        return http.target(url).path("api/v1");
    }

    private Invocation.Builder request(WebTarget target) {
        return target.request().header(HttpHeaders.AUTHORIZATION, "Bearer " + key);
    }

    private static JsonObject answer(Invocation question) {
        try (Response reply = question.invoke()) {
            JsonObject answer = reply.readEntity(JsonObject.class);
            if (reply.getStatus() != 200) {
                throw new ProcessingException(answer.getString("detail"));
            }
            return answer;
        }
    }
}
