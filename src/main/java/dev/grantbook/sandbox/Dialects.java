package dev.grantbook.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** One instance of each {@link Dialect}. */
@ApplicationScoped
public class Dialects {

    private List<Dialect> all = List.of();

    @Inject
    void collect(@Any Instance<Dialect> dialects) {
        all = dialects.stream().toList();
    }

    public Optional<Dialect> find(String id) {
        return all.stream().filter(dialect -> dialect.id().equals(id)).findFirst();
    }
}
