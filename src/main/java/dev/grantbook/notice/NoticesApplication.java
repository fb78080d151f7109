package dev.grantbook.notice;

import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;

/** Serves providers' notices, which are posted by programs and prove themselves by their signatures. */
@ApplicationPath("notices")
public class NoticesApplication extends RestApplication {

    public NoticesApplication() {
        super(WebhookResource.class, SignedRequestResource.class);
    }
}
