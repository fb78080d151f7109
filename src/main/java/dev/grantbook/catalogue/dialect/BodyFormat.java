package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.json.Json;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** How an endpoint expects its parameters. */
public enum BodyFormat {
    /** RFC 6749 section 4.1.3. */
    FORM("application/x-www-form-urlencoded") {
        @Override
        public String body(Parameters parameters) {
            return parameters.encoded();
        }
    },
    JSON("application/json") {
        @Override
        public String body(Parameters parameters) {
            var object = Json.createObjectBuilder();
            for (String name : parameters.names()) {
                object.add(name, String.valueOf(parameters.get(name)));
            }
            return object.build().toString();
        }
    },
    /** In the address, where proxies may log it: only for providers that accept nothing else. */
    QUERY(null) {
        @Override
        public String body(Parameters parameters) {
            return "";
        }

        @Override
        public URI target(URI target, Parameters parameters) {
            return parameters.appendTo(target);
        }

        @Override
        public String method() {
            return "GET";
        }
    };

    private final @Nullable String contentType;

    BodyFormat(@Nullable String contentType) {
        this.contentType = contentType;
    }

    /** Null for no body. */
    public @Nullable String contentType() {
        return contentType;
    }

    public abstract String body(Parameters parameters);

    public URI target(URI target, Parameters parameters) {
        return target;
    }

    /** HTTP method of a token request. */
    public String method() {
        return "POST";
    }
}
