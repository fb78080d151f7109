package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How a client proves to a token end point who it is (RFC 6749 section 2.3.1). */
public enum ClientAuthentication {
    /** HTTP Basic, both halves form-encoded first, as the RFC says. */
    BASIC {
        @Override
        void apply(String clientId, Secret secret, Parameters body, HttpRequest.Builder request) {
            String credentials = encode(clientId) + ":" + encode(secret.value());
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
    },
    /** In the request's body. */
    BODY {
        @Override
        void apply(String clientId, Secret secret, Parameters body, HttpRequest.Builder request) {
            body.with("client_id", clientId).with("client_secret", secret.value());
        }
    };

    abstract void apply(String clientId, Secret secret, Parameters body, HttpRequest.Builder request);

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
