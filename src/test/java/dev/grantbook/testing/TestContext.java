package dev.grantbook.testing;

import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.spi.AlterableContext;
import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.inject.Inject;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The beans of the test that runs. */
final class TestContext implements AlterableContext {

    /** Destroys the instance as its bean wants; a test's own instance is left alone. */
    private record Held(Object instance, Runnable end) {}

    private final Map<Contextual<?>, Held> beans = new HashMap<>();

    @Override
    public Class<? extends Annotation> getScope() {
        return TestScoped.class;
    }

    @Override
    @SuppressWarnings("unchecked") // what a bean has made is of its type
    public synchronized <T> @Nullable T get(Contextual<T> bean, @Nullable CreationalContext<T> creation) {
        Held held = beans.get(bean);
        if (held == null && creation != null) {
            T made = bean.create(creation);
            held = new Held(made, () -> bean.destroy(made, creation));
            beans.put(bean, held);
        }
        return held == null ? null : (T) held.instance;
    }

    @Override
    public <T> @Nullable T get(Contextual<T> bean) {
        return get(bean, null);
    }

    synchronized void put(Contextual<?> bean, Object instance) {
        beans.put(bean, new Held(instance, () -> {}));
    }

    /** Gives the beans that are there already the settings as they are now. */
    synchronized void readSettings() {
        for (Held held : beans.values()) {
            for (Class<?> type = held.instance.getClass(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (field.getType() == Settings.class && field.isAnnotationPresent(Inject.class)) {
                        write(field, held.instance);
                    }
                }
            }
        }
    }

    private static void write(Field field, Object bean) {
        try {
            field.setAccessible(true);
            field.set(bean, Settings.read());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void destroy(Contextual<?> bean) {
        Held held = beans.remove(bean);
        if (held != null) {
            held.end.run();
        }
    }

    synchronized void clear() {
        List.copyOf(beans.keySet()).forEach(this::destroy);
    }

    @Override
    public boolean isActive() {
        return true;
    }
}
