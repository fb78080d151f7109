package dev.grantbook.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Optional;

/** Every dialect that the sandbox speaks: each bean that is a {@link Dialect}. */
@ApplicationScoped
public class Dialects {

    /** Before the id of a dialect in every address of it. */
    public static final String HOME = "/sandbox/at/";

    @Inject
    @Any
    Instance<Dialect> all;

    public Optional<Dialect> find(String id) {
        return all.stream().filter(dialect -> dialect.id().equals(id)).findFirst();
    }
}
