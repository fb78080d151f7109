package dev.grantbook.conversation;

import dev.grantbook.connector.Leftovers;
import dev.grantbook.connector.Retention;
import dev.grantbook.platform.persistence.FewRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;

/**
 * Old links of conversations, and conversations that nobody asks about any more, with the tokens that were delivered in them. A
 * conversation whose grant lives stays: its platform may still tell that the user took everything back.
 */
@ApplicationScoped
@Transactional
public class ConversationLeftovers implements Leftovers {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Override
    public int drop(String connector, Retention retention) {
        Instant now = clock.instant();
        int links = FewRows.delete(
                entities,
                "conversation_link",
                "expires_at < ? AND conversation IN (SELECT id FROM conversation WHERE connector = ?)",
                Retention.end(retention.invitations(), now),
                connector);
        int conversations = FewRows.delete(
                entities,
                "conversation",
                "connector = ? AND updated_at < ? AND NOT EXISTS (SELECT 1 FROM user_grant"
                        + " WHERE user_grant.id = conversation.grant_id AND user_grant.status <> 'REVOKED')",
                connector,
                Retention.end(retention.unused(), now));
        return links + conversations;
    }
}
