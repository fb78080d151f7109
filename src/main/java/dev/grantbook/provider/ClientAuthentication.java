package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** How a client proves to a token end point who it is (RFC 6749 section 2.3, OpenID Connect Core 1.0 section 9). */
public enum ClientAuthentication {
    /** HTTP Basic, both halves form-encoded first, as RFC 6749 section 2.3.1 says. */
    BASIC {
        @Override
        void apply(ClientRegistration client, Parameters body, HttpRequest.Builder request) {
            String credentials =
                    encode(client.clientId()) + ":" + encode(client.secret().value());
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
    },
    /** In the request's body, or in its query where the provider wants that. */
    BODY {
        @Override
        void apply(ClientRegistration client, Parameters body, HttpRequest.Builder request) {
            body.with("client_id", client.clientId())
                    .with("client_secret", client.secret().value());
        }
    },
    /** A public client only says who it is. */
    NONE {
        @Override
        void apply(ClientRegistration client, Parameters body, HttpRequest.Builder request) {
            body.with("client_id", client.clientId());
        }
    },
    /** A signed assertion instead of a secret (RFC 7523 section 2.2). The client id goes along for servers that look it up first. */
    PRIVATE_KEY_JWT {
        @Override
        void apply(ClientRegistration client, Parameters body, HttpRequest.Builder request) {
            body.with("client_id", client.clientId())
                    .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                    .with("client_assertion", client.key().assertion(client.clientId(), client.audience()));
        }
    };

    abstract void apply(ClientRegistration client, Parameters body, HttpRequest.Builder request);

    /** Whether it takes a client secret. */
    public boolean needsSecret() {
        return this == BASIC || this == BODY;
    }

    /** In the words of descriptors and connectors files: {@code private-key-jwt}. */
    public static ClientAuthentication named(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
