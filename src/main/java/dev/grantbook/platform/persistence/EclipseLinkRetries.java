package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.StartOrder;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;

/**
 * Turns off the retries of EclipseLink, where that is the JPA provider: when the database is gone, it would repeat a
 * query for half a minute while the user waits. The pool already replaces dead connections. By reflection, since no
 * property does it, and servers hide EclipseLink's classes from applications.
 */
@ApplicationScoped
public class EclipseLinkRetries {

    @PersistenceUnit
    EntityManagerFactory factory;

    void stop(@Observes @Priority(StartOrder.DATABASE) Startup event) {
        try (EntityManager entities = factory.createEntityManager()) {
            Object own = entities.getDelegate();
            if (own.getClass().getName().startsWith("org.eclipse.persistence.")) {
                Object login = call(call(own, "getServerSession"), "getDatasourceLogin");
                login.getClass()
                        .getMethod("setQueryRetryAttemptCount", int.class)
                        .invoke(login, 0);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of EclipseLink sets its retries elsewhere", e);
        }
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }
}
