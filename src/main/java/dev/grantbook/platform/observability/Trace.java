package dev.grantbook.platform.observability;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id by which everything is found again that one link led to: in the log, in problems, in what bots are told. A
 * request begins one; when it turns out to be about a link or an attempt that began before, it goes on under that
 * one's. It says nothing and opens nothing, and so may be written anywhere.
 *
 * <p>32 hexadecimal digits, the {@code trace-id} of W3C Trace Context, so that a bot that has traces of its own goes on
 * with them.
 */
public final class Trace {

    /** Version 00, and whatever later versions append (W3C Trace Context section 3.2). */
    private static final Pattern PARENT = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.{0,200})?");

    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private Trace() {}

    /** What this thread works for; null outside of requests. */
    public static @Nullable String current() {
        return CURRENT.get();
    }

    /** This thread goes on under an id that was kept; null, for something older than traces, changes nothing. */
    public static void follow(@Nullable String kept) {
        if (kept != null) {
            CURRENT.set(kept);
        }
    }

    /** Does some work under an id, or without one, and then goes on as before. */
    public static void during(@Nullable String id, Runnable work) {
        String before = CURRENT.get();
        set(id);
        try {
            work.run();
        } finally {
            set(before);
        }
    }

    static void set(@Nullable String id) {
        if (id == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(id);
        }
    }

    static String fresh() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * The caller's own id.
     *
     * @param parent a {@code traceparent} header; null when there was none
     * @return empty when it is none that can be read, which is no error: the standard wants a new one then
     */
    static Optional<String> of(@Nullable String parent) {
        return Optional.ofNullable(parent)
                .map(PARENT::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1));
    }
}
