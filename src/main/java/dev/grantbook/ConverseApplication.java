package dev.grantbook;

import dev.grantbook.conversation.web.ConverseRedirectResource;
import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** Where log-in pages of the operator's own send browsers; the address is fixed by what Converse calls it. */
@ApplicationPath("authorize")
public class ConverseApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(ConverseRedirectResource.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
