package dev.grantbook.sandbox;

import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.RestApplication;
import dev.grantbook.platform.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** The back end of the demo bot. */
@ApplicationPath("sandbox/demo")
public class DemoApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(DemoResource.class, SameOriginFilter.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
