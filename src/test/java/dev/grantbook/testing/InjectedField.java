package dev.grantbook.testing;

/**
 * Sets what a bean of another room has injected, for tests that make their beans by hand: CDI allows no public fields.
 */
public final class InjectedField {

    private InjectedField() {}

    public static void set(Object bean, String name, Object value) {
        try {
            for (Class<?> type = bean.getClass(); type != null; type = type.getSuperclass()) {
                for (var field : type.getDeclaredFields()) {
                    if (field.getName().equals(name)) {
                        field.setAccessible(true);
                        field.set(bean, value);
                        return;
                    }
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException(bean.getClass() + " has no field " + name);
    }
}
