package dev.grantbook.platform.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads in the caller's transaction, or in one of its own. For what is mostly in memory: its caller begins no
 * transaction that is seldom needed. Without one nothing may be read: Payara keeps such an entity manager with the
 * request, and a scheduled task that the request starts closes it.
 */
@ApplicationScoped
public class Reading {

    @Transactional
    public <T extends @Nullable Object> T read(Supplier<T> work) {
        return work.get();
    }
}
