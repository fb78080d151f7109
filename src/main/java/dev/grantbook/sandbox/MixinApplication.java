package dev.grantbook.sandbox;

import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The emulated Mixin, as its bots and its users reach it. */
@ApplicationPath("sandbox/mixin")
public class MixinApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                MixinConsentResource.class,
                MixinTokenResource.class,
                MixinApiResource.class,
                MixinAuthorizationsResource.class,
                MixinRefusalMapper.class,
                SameOriginFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
