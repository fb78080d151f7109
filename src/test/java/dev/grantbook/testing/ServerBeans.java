package dev.grantbook.testing;

import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.vault.TestVaults;
import dev.grantbook.vault.Vault;
import jakarta.annotation.Priority;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;

/** What a server gives to beans, and what the application's start makes of them. */
@Alternative
@Priority(1)
@Dependent
class ServerBeans {

    private static final ScheduledExecutorService THREADS = Executors.newScheduledThreadPool(4, work -> {
        var thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });

    @Produces
    @TestScoped
    static EntityManager entities() {
        return Beans.database().entities();
    }

    @Produces
    @TestScoped
    static DataSource dataSource() {
        return Beans.database().dataSource();
    }

    @Produces
    @TestScoped
    @Typed(ManagedExecutorService.class)
    static ManagedExecutorService executor() {
        return scheduledExecutor();
    }

    @Produces
    @TestScoped
    @Typed(ManagedScheduledExecutorService.class)
    static ManagedScheduledExecutorService scheduledExecutor() {
        return server(ManagedScheduledExecutorService.class, THREADS);
    }

    @Produces
    @TestScoped
    static ManagedThreadFactory threads() {
        return server(ManagedThreadFactory.class, (ThreadFactory) Thread::new);
    }

    @Produces
    @TestScoped
    static TransactionSynchronizationRegistry transactions() {
        return (TransactionSynchronizationRegistry) Proxy.newProxyInstance(
                ServerBeans.class.getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (proxy, method, arguments) ->
                        Database.inTransaction() ? Status.STATUS_ACTIVE : Status.STATUS_NO_TRANSACTION);
    }

    @Produces
    @TestScoped
    static Vault vault() {
        return TestVaults.fresh();
    }

    @Produces
    @TestScoped
    static ProviderCatalogue catalogue(Settings settings) {
        return TestProviders.catalogue(settings);
    }

    /** Forms are posted to a server only. */
    @Produces
    @RequestParameterMap
    static Map<String, String> parameters() {
        return Map.of();
    }

    /** The server's type of what Java has itself. */
    private static <T> T server(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
