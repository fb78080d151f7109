package dev.grantbook;

import dev.grantbook.authorization.SharedCallbackResource;
import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** The callback that connectors share, at the address that apps registered for Cyclr have. */
@ApplicationPath("connector")
public class SharedCallbackApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(SharedCallbackResource.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
