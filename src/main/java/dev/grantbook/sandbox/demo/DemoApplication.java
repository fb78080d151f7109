package dev.grantbook.sandbox.demo;

import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;

/** Back end of the demo bot. */
@ApplicationPath("sandbox/demo")
public class DemoApplication extends RestApplication {

    public DemoApplication() {
        super(DemoResource.class, SameOriginFilter.class);
    }
}
