package dev.grantbook.catalogue;

import java.util.Locale;

/** What the consent page of a provider lets the user leave out. */
public enum ConsentChoice {
    /** Each permission by itself. */
    EACH,
    /** All or nothing: the page lists the permissions. */
    ALL,
    /** The page lists no permissions: they were set when the bot was registered. */
    NONE,
    /** It depends on the server, or on how the bot is registered there. */
    VARIES;

    /** Its part of text keys. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
