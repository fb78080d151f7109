package dev.grantbook.platform.persistence;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Encodes the end of a page of a list as one word for a URL, and reads what clients return within bounds. */
public final class CursorText {

    /** Characters; far above what a cursor of ours has. */
    private static final int LONGEST = 2000;

    /** End of the range that every database can compare with and every list of ours stays in. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private CursorText() {}

    /** @param parts all but the last without spaces */
    public static String write(Object... parts) {
        String text =
                String.join(" ", List.of(parts).stream().map(String::valueOf).toList());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Splits a cursor into its parts; empty for a text that is no cursor of ours. */
    public static Optional<List<String>> read(String cursor, int count) {
        if (cursor.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.split(" ", count));
            boolean sound = parts.size() == count
                    && parts.stream().limit(count - 1L).noneMatch(String::isEmpty)
                    && text.chars().noneMatch(Character::isISOControl);
            return sound ? Optional.of(parts) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Reads a moment of a cursor; empty for any other text, and for a moment outside the range of all lists. */
    public static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text))
                    .filter(moment -> !moment.isBefore(Instant.EPOCH) && !moment.isAfter(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
