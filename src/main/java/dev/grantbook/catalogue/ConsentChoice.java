package dev.grantbook.catalogue;

import java.util.Locale;

/** What the consent page of a provider lets the user leave out. */
public enum ConsentChoice {
    /** Each permission by itself. */
    EACH,
    /** The page lists the permissions; the user allows them together, or refuses. */
    ALL,
    /** The page asks about no single permissions: what the bot may do was set when it was registered. */
    NONE,
    /** It depends on the server, or on how the bot is registered there. */
    VARIES;

    /** The part of the text keys. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
