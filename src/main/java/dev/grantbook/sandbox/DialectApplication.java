package dev.grantbook.sandbox;

import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.RestApplication;
import dev.grantbook.platform.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** The emulated providers, as bots and users reach them. */
@ApplicationPath("sandbox/at")
public class DialectApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(DialectResource.class, SameOriginFilter.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
