package dev.grantbook.testing;

import dev.grantbook.ApiApplication;
import dev.grantbook.imports.FailingImports;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.transaction.Synchronization;
import jakarta.transaction.UserTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jboss.weld.bootstrap.spi.BeanDiscoveryMode;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.proxy.WeldConstruct;
import org.jboss.weld.transaction.spi.TransactionServices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.Parameter;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Injects the application's own beans into a test, with its transactions and its database: one container serves every
 * test of the JVM, since starting takes longer than most tests, and each test has new beans. Nothing starts by itself:
 * a test calls {@code start} where it wants a bean's work.
 */
public final class Beans implements BeforeEachCallback, AfterEachCallback {

    private static final TestContext CONTEXT = new TestContext();

    private static final class Container {

        static final BeanManager BEANS = new Weld()
                .disableDiscovery()
                .setBeanDiscoveryMode(BeanDiscoveryMode.ANNOTATED)
                .addPackages(true, ApiApplication.class, ServerBeans.class)
                .addBeanClass(FailingImports.class)
                .addServices(new Observation())
                .addExtensions(new ServerlessExtension(CONTEXT))
                .initialize()
                .getBeanManager();
    }

    /** Lets observers wait for the end of a transaction. */
    private static final class Observation implements TransactionServices {

        @Override
        public void registerSynchronization(Synchronization observer) {
            Database.observe(observer);
        }

        @Override
        public boolean isTransactionActive() {
            return Database.inTransaction();
        }

        @Override
        public UserTransaction getUserTransaction() {
            throw new UnsupportedOperationException("transactions are begun by annotations");
        }

        @Override
        public void cleanup() {}
    }

    private static @Nullable Database database;

    /** That of the test that runs. */
    static Database database() {
        Database current = database;
        if (current == null) {
            throw new IllegalStateException("the test has no @Parameter Database");
        }
        return current;
    }

    /** The test's instance of a bean. */
    public static <T> T get(Class<T> type) {
        Bean<?> bean = bean(type);
        return type.cast(Container.BEANS.getReference(bean, type, Container.BEANS.createCreationalContext(bean)));
    }

    /** One more instance of a bean, as another node has it. */
    public static <T> T another(Class<T> type) {
        return create(type, bean(type));
    }

    private static <T, B> T create(Class<T> type, Bean<B> bean) {
        return type.cast(bean.create(Container.BEANS.createCreationalContext(bean)));
    }

    private static Bean<?> bean(Class<?> type) {
        return Container.BEANS.resolve(found(type));
    }

    private static Set<Bean<?>> found(Class<?> type) {
        return Container.BEANS.getBeans(type, Any.Literal.INSTANCE);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Object test = context.getRequiredTestInstance();
        CONTEXT.clear();
        database = null;
        AnnotationSupport.findAnnotatedFieldValues(test, Parameter.class, Database.class)
                .forEach(current -> database = current);
        for (Object own : AnnotationSupport.findAnnotatedFieldValues(test, TestBean.class)) {
            replace(own);
        }
        inject(test);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        CONTEXT.clear();
    }

    /** Lets the beans of the test that runs know that the settings have changed. */
    static void readSettings() {
        CONTEXT.readSettings();
    }

    /** Puts an object in the place of the bean that it is a subclass of, until the test ends. */
    public static void replace(Object own) {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type = own.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            types.add(type);
            types.addAll(List.of(type.getInterfaces()));
        }
        Set<Bean<?>> replaced = types.stream()
                .filter(type -> !type.getName().startsWith("java."))
                .map(Beans::found)
                .filter(beans -> !beans.isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(own.getClass() + " takes the place of no bean"));
        CONTEXT.put(Container.BEANS.resolve(replaced), own);
        if (!(own instanceof WeldConstruct)) {
            inject(own);
        }
    }

    /** Fills what an object, which is no bean itself, has injected. */
    @SuppressWarnings("unchecked") // an object is of its class
    public static <T> T inject(T object) {
        var type = (Class<T>) object.getClass();
        Container.BEANS
                .getInjectionTargetFactory(Container.BEANS.createAnnotatedType(type))
                .createInjectionTarget(null)
                .inject(object, Container.BEANS.createCreationalContext(null));
        return object;
    }
}
