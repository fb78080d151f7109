package dev.grantbook.sandbox.consent;

import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;

/** The emulated providers. */
@ApplicationPath("sandbox/at")
public class DialectApplication extends RestApplication {

    public DialectApplication() {
        super(DialectResource.class, SameOriginFilter.class);
    }
}
