package dev.grantbook.doctor;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts beans together where there is no server: one of each class, with those of ours that it needs. What a server
 * gives stays absent: database, request and threads.
 */
final class Assembly {

    private final Map<Class<?>, Object> beans = new HashMap<>();

    /** Gives a bean that is made elsewhere. */
    <T> Assembly with(Class<T> type, T bean) {
        beans.put(type, bean);
        return this;
    }

    <T> T get(Class<T> type) {
        Object known = beans.get(type);
        if (known == null) {
            known = make(type);
        }
        return type.cast(known);
    }

    private Object make(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object bean = constructor.newInstance();
            beans.put(type, bean);
            for (Field field : type.getDeclaredFields()) {
                if (field.isAnnotationPresent(Inject.class) && isOurs(field.getType())) {
                    field.setAccessible(true);
                    field.set(bean, get(field.getType()));
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(PostConstruct.class)) {
                    method.setAccessible(true);
                    method.invoke(bean);
                }
            }
            return bean;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made outside a server", e);
        }
    }

    private boolean isOurs(Class<?> type) {
        return beans.containsKey(type) || type.getName().startsWith("dev.grantbook.");
    }

    /** Gets a bean that reads something at the start. */
    <T> T start(Class<T> type) throws ReflectiveOperationException {
        T bean = get(type);
        for (Method method : type.getDeclaredMethods()) {
            boolean observes = Arrays.stream(method.getParameters())
                    .anyMatch(parameter ->
                            parameter.isAnnotationPresent(Observes.class) && parameter.getType() == Startup.class);
            if (observes) {
                method.setAccessible(true);
                method.invoke(bean, new Startup());
            }
        }
        return bean;
    }
}
