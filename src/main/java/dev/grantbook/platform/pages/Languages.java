package dev.grantbook.platform.pages;

import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import org.jspecify.annotations.Nullable;

/** Chooses the language of a page: English where the visitor prefers none of ours. */
public final class Languages {

    public static final Locale ENGLISH = Locale.ENGLISH;
    public static final Locale CHINESE = Locale.CHINESE;

    private static final List<Locale> SPOKEN = List.of(ENGLISH, CHINESE);

    private Languages() {}

    /**
     * @param wish language that the invitation names for its user; null for none
     * @param accepted the browser's {@code Accept-Language} (RFC 9110 section 12.5.4); null when it sent none
     */
    public static Locale choose(@Nullable Locale wish, @Nullable String accepted) {
        for (Locale spoken : SPOKEN) {
            if (wish != null && spoken.getLanguage().equals(wish.getLanguage())) {
                return spoken;
            }
        }
        return parseHeader(accepted);
    }

    static boolean isChinese(Locale locale) {
        return locale.getLanguage().equals(CHINESE.getLanguage());
    }

    /** Reads a language tag (BCP 47), also with the underscores of POSIX and Java ({@code zh_CN}); null stays null. */
    public static @Nullable Locale parseTag(@Nullable String tag) {
        return tag == null ? null : Locale.forLanguageTag(tag.replace('_', '-'));
    }

    private static Locale parseHeader(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return ENGLISH;
        }
        try {
            Locale found = Locale.lookup(LanguageRange.parse(header), SPOKEN);
            return found == null ? ENGLISH : found;
        } catch (IllegalArgumentException malformed) {
            return ENGLISH;
        }
    }
}
