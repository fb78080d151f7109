package dev.grantbook;

import dev.grantbook.conversation.ConversationReturnResource;
import dev.grantbook.conversation.apple.AppleCallbackResource;
import dev.grantbook.conversation.facebook.FacebookResource;
import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** Where browsers pass that come from a conversation. */
@ApplicationPath("channels")
public class ChannelApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                ConversationReturnResource.class,
                FacebookResource.class,
                AppleCallbackResource.class,
                SameOriginFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
