package dev.grantbook.console.grant;

import dev.grantbook.console.TextsBacking;
import java.util.Set;

/** Reads what histories write down. */
final class History {

    private static final String KEY = "api-key:";
    private static final String ADMINISTRATOR = "administrator:";

    /** Those that are not people's names and have words of their own. */
    private static final Set<String> KNOWN = Set.of("user", "provider", "facebook", "grantbook");

    private History() {}

    /** Who did something, in words. */
    static String actor(String actor, TextsBacking say) {
        if (actor.startsWith(KEY)) {
            return say.of("actor.api-key", actor.substring(KEY.length()));
        }
        if (actor.startsWith(ADMINISTRATOR)) {
            return say.of("actor.administrator", actor.substring(ADMINISTRATOR.length()));
        }
        return KNOWN.contains(actor) ? say.of("actor." + actor) : actor;
    }
}
