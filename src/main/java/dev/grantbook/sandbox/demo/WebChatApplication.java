package dev.grantbook.sandbox.demo;

import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;

/** The back end of the demo bot's chat on a web page. */
@ApplicationPath("sandbox/web-chat")
public class WebChatApplication extends RestApplication {

    public WebChatApplication() {
        super(WebChatResource.class, SameOriginFilter.class);
    }
}
