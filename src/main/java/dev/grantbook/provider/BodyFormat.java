package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** How an end point wants its parameters. */
public enum BodyFormat {
    /** RFC 6749 section 4.1.3. */
    FORM {
        @Override
        BodyPublisher body(Parameters parameters, HttpRequest.Builder request) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
            return BodyPublishers.ofString(parameters.encoded());
        }
    },
    JSON {
        @Override
        BodyPublisher body(Parameters parameters, HttpRequest.Builder request) {
            var object = Json.createObjectBuilder();
            for (String name : parameters.names()) {
                object.add(name, String.valueOf(parameters.get(name)));
            }
            request.header("Content-Type", "application/json");
            return BodyPublishers.ofString(object.build().toString());
        }
    },
    /** In the address, where proxies may write it down: only for providers that take nothing else. */
    QUERY {
        @Override
        BodyPublisher body(Parameters parameters, HttpRequest.Builder request) {
            return BodyPublishers.noBody();
        }

        @Override
        URI target(URI target, Parameters parameters) {
            return parameters.appendTo(target);
        }

        @Override
        String method() {
            return "GET";
        }
    };

    abstract BodyPublisher body(Parameters parameters, HttpRequest.Builder request);

    URI target(URI target, Parameters parameters) {
        return target;
    }

    /** How a token end point is called. */
    String method() {
        return "POST";
    }
}
