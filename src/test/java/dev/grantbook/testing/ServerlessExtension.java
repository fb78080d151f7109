package dev.grantbook.testing;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.literal.InjectLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Singleton;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Fits the application's beans for tests without a server. */
final class ServerlessExtension implements Extension {

    private static final List<Class<? extends Annotation>> SCOPES =
            List.of(ApplicationScoped.class, RequestScoped.class);

    private final TestContext context;
    private final Set<Class<?>> fromServer = new LinkedHashSet<>();

    ServerlessExtension(TestContext context) {
        this.context = context;
    }

    /** One interceptor serves {@code @Transactional} with every value, where servers have one for each. */
    void bind(@Observes BeforeBeanDiscovery event) {
        event.configureInterceptorBinding(Transactional.class)
                .filterMethods(member -> member.getJavaMember().getName().equals("value"))
                .forEach(value -> value.add(Nonbinding.Literal.INSTANCE));
    }

    /**
     * Every bean lives for one test, and what the server injects by annotations of its own is injected as beans are.
     */
    <T> void prepare(@Observes ProcessAnnotatedType<T> event) {
        if (event.getAnnotatedType().getJavaClass().getPackageName().startsWith("dev.grantbook.it")) {
            event.veto();
            return;
        }
        var type = event.configureAnnotatedType();
        if (isScoped(type.getAnnotated())) {
            type.remove(ServerlessExtension::isScope).add(new TestScoped.Literal());
        }
        type.filterMethods(ServerlessExtension::isScoped)
                .forEach(method -> method.remove(ServerlessExtension::isScope).add(new TestScoped.Literal()));
        // The settings, a record that no proxy can stand for: each bean of a test reads them anew.
        type.filterMethods(method -> method.isAnnotationPresent(Singleton.class))
                .forEach(method -> method.remove(scope -> scope.annotationType().equals(Singleton.class)));
        type.filterFields(field -> field.isAnnotationPresent(PersistenceContext.class)
                        || field.isAnnotationPresent(Resource.class))
                .forEach(field -> field.add(InjectLiteral.INSTANCE));
    }

    private static boolean isScoped(Annotated annotated) {
        return annotated.getAnnotations().stream().anyMatch(ServerlessExtension::isScope);
    }

    private static boolean isScope(Annotation annotation) {
        return SCOPES.contains(annotation.annotationType());
    }

    void leaveStopped(@Observes ProcessObserverMethod<Startup, ?> event) {
        event.veto();
    }

    void collect(@Observes ProcessInjectionPoint<?, ?> event) {
        if (event.getInjectionPoint().getType() instanceof Class<?> type
                && type.isInterface()
                && type.getName().startsWith("jakarta.servlet")) {
            fromServer.add(type);
        }
    }

    /** What only a server has is there, and fails when it is used; a test that needs it brings its own. */
    void complete(@Observes AfterBeanDiscovery event) {
        event.addContext(context);
        for (Class<?> type : fromServer) {
            event.addBean()
                    .scope(TestScoped.class)
                    .addTransitiveTypeClosure(type)
                    .produceWith(beans -> Proxy.newProxyInstance(
                            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                                throw new UnsupportedOperationException(method + " needs a server");
                            }));
        }
    }
}
