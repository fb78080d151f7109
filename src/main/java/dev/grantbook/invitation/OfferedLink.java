package dev.grantbook.invitation;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link for the user in an answer to the bot. */
public record OfferedLink(LinkJson link) {

    record LinkJson(URI url, Instant expiresAt, @Nullable String trace) {}

    public static OfferedLink of(Invitations.IssuedInvitation issued) {
        Invitation invitation = issued.invitation();
        return new OfferedLink(new LinkJson(issued.link(), invitation.expiresAt(), invitation.trace()));
    }
}
