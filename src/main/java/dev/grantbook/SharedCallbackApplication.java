package dev.grantbook;

import dev.grantbook.authorization.SharedCallbackResource;
import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;

/** Serves the callback that connectors share, at the path that apps registered for Cyclr have. */
@ApplicationPath("connector")
public class SharedCallbackApplication extends RestApplication {

    public SharedCallbackApplication() {
        super(SharedCallbackResource.class);
    }
}
