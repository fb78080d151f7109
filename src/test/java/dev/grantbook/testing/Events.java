package dev.grantbook.testing;

import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The events of the test that runs, in turn. */
@TestScoped
public class Events {

    private final List<Object> all = new CopyOnWriteArrayList<>();

    void add(@Observes Object event) {
        all.add(event);
    }

    public <T> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public void clear() {
        all.clear();
    }
}
