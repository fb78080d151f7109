package dev.grantbook.console;

/** Reads what histories write down. */
final class History {

    private static final String KEY = "api-key:";
    private static final String ADMINISTRATOR = "administrator:";

    private History() {}

    /** Who did something, in words. */
    static String actor(String actor, TextsBacking say) {
        if (actor.startsWith(KEY)) {
            return say.of("actor.api-key", actor.substring(KEY.length()));
        }
        if (actor.startsWith(ADMINISTRATOR)) {
            return say.of("actor.administrator", actor.substring(ADMINISTRATOR.length()));
        }
        return actor.equals("user") ? say.of("actor.user") : actor;
    }
}
