package dev.grantbook;

import dev.grantbook.authorization.CallbackResource;
import dev.grantbook.authorization.StartResource;
import dev.grantbook.connector.ClientKeysResource;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import dev.grantbook.subject.DisconnectResource;
import jakarta.ws.rs.ApplicationPath;

/** Serves what browsers pass through on their way to a provider and back. */
@ApplicationPath("oauth")
public class BrowserApplication extends RestApplication {

    public BrowserApplication() {
        super(
                StartResource.class,
                CallbackResource.class,
                DisconnectResource.class,
                ClientKeysResource.class,
                SameOriginFilter.class);
    }
}
