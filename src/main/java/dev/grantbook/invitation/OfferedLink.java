package dev.grantbook.invitation;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link for the user, as a member of an answer to the bot. */
public record OfferedLink(LinkJson link) {

    public record LinkJson(
            URI url, Instant expiresAt, @Nullable String trace) {}

    public OfferedLink(URI url, Instant expiresAt, @Nullable String trace) {
        this(new LinkJson(url, expiresAt, trace));
    }

    public static OfferedLink of(Invitations.IssuedInvitation issued) {
        Invitation invitation = issued.invitation();
        return new OfferedLink(issued.link(), invitation.expiresAt(), invitation.trace());
    }
}
