package dev.grantbook.catalogue.account;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Account that a token belongs to.
 *
 * @param id stable, of at most 255 characters
 * @param name for people: one line, cut to 255 characters; null when the provider names none
 * @param installation what the token installs the bot in; null when that is the account itself
 */
public record Account(
        String id, @Nullable String name, @Nullable InstalledAt installation) {

    /** A team or a workspace: one installation of a bot, whichever member allowed it. */
    public record InstalledAt(String id, @Nullable String name) {}

    private static final int LONGEST = 255;

    /** Control characters and halves of surrogate pairs, which not every database stores. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]+");

    /** Whether a text can be stored as an id. */
    public static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && !UNPRINTABLE.matcher(text).find();
    }

    /** Turns a text into one line that can be stored; null when nothing is left of it. */
    public static @Nullable String line(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String cut = name.substring(0, Math.min(name.length(), LONGEST));
        String line = UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
        return line.isEmpty() ? null : line;
    }
}
