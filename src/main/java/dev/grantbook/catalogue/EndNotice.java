package dev.grantbook.catalogue;

import java.util.Locale;

/** Whether a provider can be notified that a grant ended. */
public enum EndNotice {
    POSSIBLE,
    /** Before discovery. */
    UNKNOWN,
    IMPOSSIBLE;

    /** Its part of text keys. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
