package dev.grantbook.sandbox.consent;

import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
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
