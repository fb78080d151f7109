package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import jakarta.json.Json;

/** How a token end point wants its parameters. */
public enum BodyFormat {
    /** RFC 6749 section 4.1.3. */
    FORM("application/x-www-form-urlencoded") {
        @Override
        String encode(Parameters parameters) {
            return parameters.encoded();
        }
    },
    JSON("application/json") {
        @Override
        String encode(Parameters parameters) {
            var object = Json.createObjectBuilder();
            for (String name : parameters.names()) {
                object.add(name, String.valueOf(parameters.get(name)));
            }
            return object.build().toString();
        }
    };

    final String contentType;

    BodyFormat(String contentType) {
        this.contentType = contentType;
    }

    abstract String encode(Parameters parameters);
}
