package dev.grantbook;

import dev.grantbook.authorization.CallbackResource;
import dev.grantbook.authorization.StartResource;
import dev.grantbook.connector.ClientKeysResource;
import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import dev.grantbook.subject.DisconnectResource;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** Where browsers are sent on and taken back. */
@ApplicationPath("oauth")
public class BrowserApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                StartResource.class,
                CallbackResource.class,
                DisconnectResource.class,
                ClientKeysResource.class,
                SameOriginFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
