package dev.grantbook.platform.web;

import jakarta.ws.rs.core.Application;
import java.util.Map;

/** What all of our REST applications have in common: they describe themselves by openapi.yaml, and by nothing else. */
public abstract class RestApplication extends Application {

    /** Jersey would show everybody a WADL, with its own version; other implementations know nothing of it. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
