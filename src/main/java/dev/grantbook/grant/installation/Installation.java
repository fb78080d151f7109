package dev.grantbook.grant.installation;

import dev.grantbook.id.ConnectorId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bot on an account, as long as one of its grants there is active.
 *
 * @param id the provider's id of the account: a team, a workspace, or the user's own
 * @param name null when the provider names none
 * @param grants active grants there, 1 and more
 * @param since when the first of them was created
 * @param verifiedAt when the provider last accepted the token of one of them; null for never
 */
public record Installation(
        ConnectorId connector,
        String id,
        @Nullable String name,
        long grants,
        Instant since,
        @Nullable Instant verifiedAt) {}
