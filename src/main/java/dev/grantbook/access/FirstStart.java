package dev.grantbook.access;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Settings;
import dev.grantbook.platform.StartOrder;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.PrintStream;

/** Prints the first administrator's password, once. */
@ApplicationScoped
class FirstStart {

    @Inject
    Administrators administrators;

    @Inject
    Settings settings;

    void announce(@Observes @Priority(StartOrder.ACCESS) Startup event) {
        administrators.ensureFirst().ifPresent(password -> announce(System.out, password));
    }

    /** To standard output and not to the log: logs are kept, copied and searched. */
    private void announce(PrintStream out, Secret password) {
        out.println();
        out.println("  The console is at " + settings.publicUrl("/console"));
        out.println("  Sign in as admin with the password " + password.value() + " (shown only now).");
        out.println();
    }
}
