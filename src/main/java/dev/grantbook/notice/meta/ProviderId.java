package dev.grantbook.notice.meta;

import java.util.regex.Pattern;

/** Ids that providers give to accounts and chat users. */
final class ProviderId {

    private static final int LONGEST = 255;

    /** Control characters and halves of surrogate pairs: not every database stores them. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    private ProviderId() {}

    static boolean isSound(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST
                && !UNPRINTABLE.matcher(id).find();
    }
}
