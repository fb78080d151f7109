package dev.grantbook.authorization.attempt;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Collection;

/** Drops links and attempts that say whose account they were for. */
@ApplicationScoped
@Transactional
public class AttemptErasure {

    @PersistenceContext
    EntityManager entities;

    /** An attempt has the account and the subject of its link, so that no attempt stays behind whose link is gone. */
    public void forget(Collection<ConnectorId> connectors, String accountId) {
        if (connectors.isEmpty()) {
            return;
        }
        for (String kind : new String[] {"Attempt", "Invitation"}) {
            entities.createQuery("DELETE FROM " + kind + " one WHERE one.connector IN :connectors"
                            + " AND (one.accountId = :account OR one.subject = :account)")
                    .setParameter("connectors", TypedId.values(connectors))
                    .setParameter("account", accountId)
                    .executeUpdate();
        }
    }
}
