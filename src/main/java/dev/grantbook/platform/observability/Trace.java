package dev.grantbook.platform.observability;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects log lines, problems and deliveries of one link by an id that is no secret: 32 hexadecimal digits, the
 * {@code trace-id} of W3C Trace Context, so that a bot's own traces can include ours. A request that turns out to
 * belong to an earlier link or attempt continues under that one's id.
 */
public final class Trace {

    /** Version 00, and what later versions append (W3C Trace Context section 3.2). */
    private static final Pattern PARENT = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.{0,200})?");

    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private Trace() {}

    /** The id of this thread; null outside of requests. */
    public static @Nullable String current() {
        return CURRENT.get();
    }

    /** Continues this thread under a stored id; null, of something older than traces, changes nothing. */
    public static void follow(@Nullable String kept) {
        if (kept != null) {
            CURRENT.set(kept);
        }
    }

    /** Runs work under an id, or without one, and then restores the thread's own. */
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

    /** Reads the caller's id; empty when it cannot be read, for which the standard asks for a new one. */
    static Optional<String> of(@Nullable String parent) {
        return Optional.ofNullable(parent)
                .map(PARENT::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1));
    }
}
