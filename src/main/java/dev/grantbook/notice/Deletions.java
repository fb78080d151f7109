package dev.grantbook.notice;

import dev.grantbook.authorization.attempt.AttemptData;
import dev.grantbook.conversation.Conversations;
import dev.grantbook.delivery.Deliveries;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.imports.ImportData;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;

/** Deletes the data of accounts, each in one transaction. */
@ApplicationScoped
@Transactional
public class Deletions {

    @PersistenceContext
    EntityManager entities;

    @Inject
    AccountGrants grants;

    @Inject
    Conversations conversations;

    @Inject
    AttemptData attempts;

    @Inject
    ImportData imports;

    @Inject
    Deliveries deliveries;

    @Inject
    Clock clock;

    /**
     * Deletes an account's data. A repeated request changes nothing: the account may have granted again since.
     *
     * @param code same for the same request
     */
    public void delete(Secret code, Collection<ConnectorId> connectors, String accountId) {
        if (find(code).isEmpty()) {
            conversations.forget(connectors, accountId);
            grants.erase(connectors, accountId);
            attempts.forget(connectors, accountId);
            imports.forget(connectors, accountId);
            deliveries.forget(connectors, new Subject(accountId));
            entities.persist(new Deletion(code, clock.instant()));
        }
    }

    public Optional<Deletion> find(Secret code) {
        return Optional.ofNullable(entities.find(Deletion.class, code.hash()));
    }
}
