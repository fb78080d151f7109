package dev.grantbook.platform;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Puts the {@link Trace} behind each line that we log. {@code java.util.logging} has nothing for that; but a logger's own
 * handlers see a line before those of the server, which write it down.
 */
@ApplicationScoped
public class TracedLog {

    /** Held, since nobody else holds it and it would be forgotten together with its handler. */
    private static final Logger OURS = Logger.getLogger("dev.grantbook");

    private final Handler marker = new Marker();

    /** From the first moment, and not when somebody first asks. */
    void begin(@Observes @Priority(StartOrder.SETTINGS) Startup event) {
        // Being called is what makes this bean.
    }

    @PostConstruct
    void open() {
        OURS.addHandler(marker);
    }

    @PreDestroy
    void close() {
        OURS.removeHandler(marker);
    }

    private static final class Marker extends Handler {

        @Override
        public void publish(LogRecord line) {
            String trace = Trace.current();
            if (trace != null) {
                line.setMessage(line.getMessage() + " [trace " + trace + "]");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
