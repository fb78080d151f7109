package dev.grantbook;

import dev.grantbook.conversation.web.ConverseRedirectResource;
import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;

/** Receives browsers from the operator's own log-in pages; Converse fixes this path. */
@ApplicationPath("authorize")
public class ConverseApplication extends RestApplication {

    public ConverseApplication() {
        super(ConverseRedirectResource.class);
    }
}
