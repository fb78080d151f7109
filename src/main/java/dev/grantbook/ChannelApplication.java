package dev.grantbook;

import dev.grantbook.channel.AppleCallbackResource;
import dev.grantbook.channel.FacebookResource;
import dev.grantbook.channel.TripEndResource;
import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.RestApplication;
import dev.grantbook.platform.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** Where browsers pass that come from a conversation. */
@ApplicationPath("channels")
public class ChannelApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                TripEndResource.class,
                FacebookResource.class,
                AppleCallbackResource.class,
                SameOriginFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
