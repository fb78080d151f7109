package dev.grantbook.catalogue.dialect;

import java.util.Locale;

/** Whether a provider can be notified that a grant ended. */
public enum EndNotice {
    POSSIBLE,
    /** Its server says by itself where its endpoints are, and has not been asked. */
    UNKNOWN,
    IMPOSSIBLE;

    /** The part of the text keys. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
