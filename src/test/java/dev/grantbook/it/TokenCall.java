package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A token request, written by hand. Immutable; each change makes another one.
 *
 * @param target path and query
 * @param authorization the header; empty for none
 * @param json whether the fields go as JSON instead of a form
 */
record TokenCall(String target, String authorization, boolean json, Map<String, String> fields) {

    static TokenCall to(String target) {
        return new TokenCall(target, "", false, Map.of());
    }

    TokenCall with(String field, String value) {
        var more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new TokenCall(target, authorization, json, more);
    }

    TokenCall without(String field) {
        var fewer = new LinkedHashMap<>(fields);
        fewer.remove(field);
        return new TokenCall(target, authorization, json, fewer);
    }

    TokenCall asJson() {
        return new TokenCall(target, authorization, true, fields);
    }

    public TokenCall basic(String clientId, String secret) {
        String pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
        return new TokenCall(target, "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)), json, fields);
    }

    /** The credentials of the body go into the header. */
    TokenCall secretInHeader() {
        return basic(fields.getOrDefault("client_id", ""), fields.getOrDefault("client_secret", ""))
                .without("client_id")
                .without("client_secret");
    }

    /** The credentials of the header go into the body. */
    TokenCall secretInBody() {
        String[] pair =
                new String(Base64.getDecoder().decode(authorization.replace("Basic ", "")), UTF_8).split(":", 2);
        return new TokenCall(target, "", json, fields)
                .with("client_id", pair[0])
                .with("client_secret", pair[1]);
    }

    Reply send() throws IOException, InterruptedException {
        Http http = Http.at(Deployments.base())
                .with("Accept", "application/json")
                .with("Content-Type", json ? "application/json" : "application/x-www-form-urlencoded");
        return (authorization.isEmpty() ? http : http.with("Authorization", authorization))
                .send("POST", target, json ? object() : form());
    }

    private String object() {
        return Json.createObjectBuilder(new LinkedHashMap<String, Object>(fields))
                .build()
                .toString();
    }

    private String form() {
        return fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Values are secrets. */
    @Override
    public String toString() {
        return target + fields.keySet();
    }
}
