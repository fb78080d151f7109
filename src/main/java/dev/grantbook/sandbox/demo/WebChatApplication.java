package dev.grantbook.sandbox.demo;

import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.platform.web.SameOriginFilter;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** The back end of the demo bot's chat on a web page. */
@ApplicationPath("sandbox/web-chat")
public class WebChatApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(WebChatResource.class, SameOriginFilter.class, CommitFailureMapper.class, ProblemMapper.class);
    }
}
