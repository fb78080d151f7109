package dev.grantbook.grant.installation;

import dev.grantbook.id.ConnectorId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bot on an account: there for as long as one of its grants there is alive.
 *
 * @param connector the connector's id
 * @param id the provider's id of the account: a team, a workspace, or the user's own
 * @param name what people call it; null when the provider did not say
 * @param grants how many live grants keep it there; 1 and more
 * @param since when the first of them was made
 * @param verifiedAt when the provider last showed that one of them works; null when it never did
 */
public record Installation(
        ConnectorId connector,
        String id,
        @Nullable String name,
        long grants,
        Instant since,
        @Nullable Instant verifiedAt) {}
