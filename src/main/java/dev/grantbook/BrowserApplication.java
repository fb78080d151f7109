package dev.grantbook;

import dev.grantbook.connector.ClientKeysResource;
import dev.grantbook.flow.CallbackResource;
import dev.grantbook.flow.StartResource;
import dev.grantbook.flow.VisitResource;
import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.RestApplication;
import dev.grantbook.platform.SameOriginFilter;
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
                VisitResource.class,
                ClientKeysResource.class,
                SameOriginFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
