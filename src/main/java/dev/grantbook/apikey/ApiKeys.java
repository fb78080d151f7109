package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All API keys. */
@ApplicationScoped
@Transactional
public class ApiKeys {

    @PersistenceContext
    EntityManager entities;

    /**
     * A key as it is declared.
     *
     * @param hash SHA-256 of the key in hex
     * @param connectors the only connectors it may be used for; empty for all
     * @param requestsPerMinute how often it may ask one node
     */
    public record Declared(
            String hash, Set<Permission> permissions, List<ConnectorId> connectors, int requestsPerMinute) {

        /** A hundred a second: more than a bot needs, and less than a node can do. */
        public static final int USUAL_LIMIT = 6000;

        public Declared(String hash, Set<Permission> permissions, List<ConnectorId> connectors) {
            this(hash, permissions, connectors, USUAL_LIMIT);
        }
    }

    /** Makes the declared keys the valid ones, and no others. */
    public void declare(Map<String, Declared> keys) {
        for (ApiKey key :
                entities.createQuery("SELECT k FROM ApiKey k", ApiKey.class).getResultList()) {
            if (!keys.containsKey(key.name())) {
                key.revoke();
            }
        }
        keys.forEach((name, declared) -> {
            ApiKey key = entities.find(ApiKey.class, name);
            if (key == null) {
                key = new ApiKey(name);
                entities.persist(key);
            }
            key.declare(declared.hash(), declared.permissions(), declared.connectors(), declared.requestsPerMinute());
        });
    }

    /**
     * The valid key with this text. Looking up its hash gives nothing away by its timing: whoever could steer the hash
     * would already know the key.
     */
    public Optional<ApiKey> find(Secret key) {
        return entities.createQuery("SELECT k FROM ApiKey k WHERE k.hash = :hash", ApiKey.class)
                .setParameter("hash", key.hash())
                .getResultStream()
                .filter(found -> !found.isRevoked())
                .findFirst();
    }
}
