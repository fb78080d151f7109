package dev.grantbook.platform.observability;

import dev.grantbook.platform.config.StartOrder;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Appends the {@link Trace} to our log lines: a logger's own handlers get a line before the server's, which write it.
 */
@ApplicationScoped
public class TracedLog {

    /** Held here: the log manager holds loggers, and so their handlers, weakly. */
    private static final Logger OURS = Logger.getLogger("dev.grantbook");

    private final Handler marker = new Marker();

    void open(@Observes @Priority(StartOrder.SETTINGS) Startup event) {
        OURS.addHandler(marker);
    }

    @PreDestroy
    void close() {
        OURS.removeHandler(marker);
    }

    /** Replaces what would begin a line or reorder letters, in parameters and in messages of libraries' exceptions. */
    static void keepOnOneLine(LogRecord line) {
        if (line.getMessage() != null) {
            line.setMessage(plain(line.getMessage()));
        }
        Object[] parameters = line.getParameters();
        if (parameters != null) {
            line.setParameters(Arrays.stream(parameters)
                    .map(value -> value == null || value instanceof Number ? value : plain(value.toString()))
                    .toArray());
        }
        if (line.getThrown() != null) {
            line.setThrown(OneLine.of(line.getThrown()));
        }
    }

    private static String plain(String text) {
        return text.codePoints().anyMatch(TracedLog::isNoText)
                ? text.codePoints()
                        .map(letter -> isNoText(letter) ? '?' : letter)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean isNoText(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** A copy of an exception with a safe message. Stack traces begin with the class of the original. */
    @SuppressWarnings("OverrideThrowableToString")
    private static final class OneLine extends Throwable {

        private static final long serialVersionUID = 1;

        /** Depth beyond which causes are left out. */
        private static final int DEEPEST = 20;

        private final String text;

        private OneLine(Throwable original, @Nullable Throwable cause) {
            super(null, cause, true, true);
            text = plain(original.toString());
            setStackTrace(original.getStackTrace());
        }

        /** Returns the exception itself where nothing has to be replaced. */
        static Throwable of(Throwable original) {
            for (Throwable one : chain(original)) {
                if (!plain(one.toString()).equals(one.toString())) {
                    return copy(original, 0);
                }
            }
            return original;
        }

        private static List<Throwable> chain(Throwable original) {
            var chain = new ArrayList<Throwable>();
            for (Throwable one = original; one != null && chain.size() < DEEPEST; one = one.getCause()) {
                chain.add(one);
                chain.addAll(List.of(one.getSuppressed()));
            }
            return chain;
        }

        private static OneLine copy(Throwable original, int depth) {
            Throwable cause = depth < DEEPEST ? original.getCause() : null;
            var copy = new OneLine(original, cause == null ? null : copy(cause, depth + 1));
            for (Throwable suppressed : original.getSuppressed()) {
                copy.addSuppressed(new OneLine(suppressed, null));
            }
            return copy;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class Marker extends Handler {

        @Override
        public void publish(LogRecord line) {
            keepOnOneLine(line);
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
