package dev.grantbook.testing;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.implementation.bind.annotation.SuperCall;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

/**
 * Beans without a server: one of each class, wired by type. Each call of a transactional one joins the transaction of
 * its thread, or has one of its own.
 */
public final class WiredBeans {

    private final Database database;
    private final List<Object> known = new ArrayList<>();
    private final List<Consumer<Object>> listeners = new ArrayList<>();

    public WiredBeans(Database database) {
        this.database = database;
    }

    /** Uses what is given wherever one of its classes or interfaces is wanted. */
    public WiredBeans with(Object... given) {
        known.addAll(List.of(given));
        return this;
    }

    /** Calls a listener for each event of a type. */
    public <T> WiredBeans listening(Class<T> type, Consumer<T> listener) {
        listeners.add(event -> {
            if (type.isInstance(event)) {
                listener.accept(type.cast(event));
            }
        });
        return this;
    }

    /** Makes the bean if need be, and all that it needs. */
    public <T> T get(Class<T> type) {
        return known.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseGet(() -> make(type));
    }

    /** Puts what is wanted into the fields of an object that a test made. */
    public <T> T wire(T bean) {
        try {
            for (Class<?> type = bean.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (field.isAnnotationPresent(PersistenceContext.class)) {
                        field.setAccessible(true);
                        field.set(bean, database.entities());
                    } else if (field.isAnnotationPresent(Inject.class)) {
                        field.setAccessible(true);
                        field.set(bean, wanted(field));
                    }
                }
            }
            return bean;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null for what nobody gave and only a server makes. */
    private @Nullable Object wanted(Field field) {
        Class<?> type = field.getType();
        boolean made = known.stream().anyMatch(type::isInstance);
        return type == Event.class
                ? new Told<>(this::fire)
                : made || !Modifier.isAbstract(type.getModifiers()) ? get(type) : null;
    }

    private void fire(Object event) {
        List.copyOf(listeners).forEach(listener -> listener.accept(event));
    }

    private <T> T make(Class<T> type) {
        try {
            Constructor<? extends T> constructor = transacting(type).getDeclaredConstructor();
            constructor.setAccessible(true);
            T bean = constructor.newInstance();
            known.add(bean);
            observe(type, bean);
            return wire(bean);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("nobody gave a " + type.getName(), e);
        }
    }

    private <T> Class<? extends T> transacting(Class<T> type) throws IllegalAccessException {
        return type.isAnnotationPresent(Transactional.class)
                ? new ByteBuddy()
                        .subclass(type)
                        .method(ElementMatchers.not(ElementMatchers.isDeclaredBy(Object.class)))
                        .intercept(MethodDelegation.withDefaultConfiguration()
                                .filter(ElementMatchers.named("join"))
                                .to(new Transaction(database)))
                        .make()
                        .load(
                                type.getClassLoader(),
                                ClassLoadingStrategy.UsingLookup.of(
                                        MethodHandles.privateLookupIn(type, MethodHandles.lookup())))
                        .getLoaded()
                : type;
    }

    /** Around each method. */
    public record Transaction(Database database) {

        @RuntimeType
        public @Nullable Object join(@SuperCall Callable<?> method) {
            return database.joined(method::call);
        }
    }

    private void observe(Class<?> type, Object bean) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getParameterCount() == 1 && method.getParameters()[0].isAnnotationPresent(Observes.class)) {
                method.setAccessible(true);
                Class<?> event = raw(method.getGenericParameterTypes()[0]);
                listeners.add(fired -> {
                    if (event.isInstance(fired)) {
                        call(method, bean, fired);
                    }
                });
            }
        }
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    private static void call(Method method, Object bean, Object event) {
        try {
            method.invoke(bean, event);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
