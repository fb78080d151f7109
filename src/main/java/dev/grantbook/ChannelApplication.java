package dev.grantbook;

import dev.grantbook.conversation.ConversationReturnResource;
import dev.grantbook.conversation.apple.AppleCallbackResource;
import dev.grantbook.conversation.facebook.FacebookResource;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;

/** Serves what browsers pass through when an attempt began in a conversation. */
@ApplicationPath("channels")
public class ChannelApplication extends RestApplication {

    public ChannelApplication() {
        super(
                ConversationReturnResource.class,
                FacebookResource.class,
                AppleCallbackResource.class,
                SameOriginFilter.class);
    }
}
