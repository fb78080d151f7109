package dev.grantbook.conversation;

import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;

/**
 * Deletes old links, and conversations without recent questions, with their delivered tokens. Keeps a conversation
 * whose grant lives, since its platform may still report that the user unlinked the account.
 */
@ApplicationScoped
@Transactional
public class ConversationRetention implements RetentionRule {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Override
    public int drop(ConnectorId connector, RetentionPeriods retention) {
        Instant now = clock.instant();
        int links = LimitedUpdate.delete(
                entities,
                "conversation_link",
                "expires_at < ? AND conversation IN (SELECT id FROM conversation WHERE connector = ?)",
                RetentionPeriods.end(retention.invitations(), now),
                connector.value());
        int conversations = LimitedUpdate.delete(
                entities,
                "conversation",
                "connector = ? AND updated_at < ? AND NOT EXISTS (SELECT 1 FROM user_grant"
                        + " WHERE user_grant.id = conversation.grant_id AND user_grant.status <> 'REVOKED')",
                connector.value(),
                RetentionPeriods.end(retention.unused(), now));
        return links + conversations;
    }
}
