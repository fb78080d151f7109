package dev.grantbook.platform.web;

import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A REST application of ours: faults become problems, and the server describes nothing. */
public abstract class RestApplication extends Application {

    private final Set<Class<?>> classes;

    /** @param own resources and filters */
    protected RestApplication(Class<?>... own) {
        classes = Stream.concat(Stream.of(own), Stream.of(CommitFailureMapper.class, ProblemMapper.class))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the path of a request below its application without the slash that some servers begin it with. */
    public static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    @Override
    public Set<Class<?>> getClasses() {
        return classes;
    }

    /** Turns off Jersey's WADL, which shows its version to everybody; other implementations ignore the property. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
