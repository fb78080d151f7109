package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.persistence.OptimisticRetry;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.util.Optional;

/** Prints the application's address, and once the first administrator's password. */
@ApplicationScoped
class FirstStart {

    @Inject
    Administrators administrators;

    @Inject
    Settings settings;

    /** Prints to standard output and not to the log: logs are kept, copied and searched. */
    void announce(@Observes @Priority(StartOrder.ACCESS) Startup event) {
        Optional<Secret> password = OptimisticRetry.again(administrators::ensureFirst);
        PrintStream out = System.out;
        out.println();
        out.println("  Grantbook: " + settings.publicUrl() + "   Console: " + settings.publicUrl("/console"));
        password.ifPresent(made -> out.println(
                "  Sign in to the console as admin with the password " + made.value() + " (shown only now)."));
        out.println();
    }
}
