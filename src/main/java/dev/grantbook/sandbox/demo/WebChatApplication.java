package dev.grantbook.sandbox.demo;

import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;

/** Back end of the web chat. */
@ApplicationPath("sandbox/web-chat")
public class WebChatApplication extends RestApplication {

    public WebChatApplication() {
        super(WebChatResource.class, SameOriginFilter.class);
    }
}
