package dev.grantbook.conversation;

import dev.grantbook.platform.json.WireName;
import java.util.Arrays;
import java.util.Optional;

/** Where a conversation takes place. */
public enum Channel implements WireName {
    /** A chat on a web page, which opens links in another tab or a pop-up. */
    WEB,
    /** Facebook Messenger, whose account linking has its own redirects. */
    FACEBOOK,
    /** Apple Messages for Business, where the log-in page opens inside the conversation. */
    APPLE;

    static Optional<Channel> of(String wire) {
        return Arrays.stream(values())
                .filter(channel -> channel.wire().equals(wire))
                .findFirst();
    }
}
