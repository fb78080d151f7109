package dev.grantbook.notice;

import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** Where providers reach us. Programs post here, from everywhere; what they send proves itself. */
@ApplicationPath("notices")
public class NoticesApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                WebhookResource.class, SignedRequestResource.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
