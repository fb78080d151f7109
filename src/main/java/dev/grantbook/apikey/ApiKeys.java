package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.changes.Difference;
import dev.grantbook.platform.changes.RowCache;
import dev.grantbook.platform.changes.RowChanges;
import dev.grantbook.platform.persistence.Reading;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
public class ApiKeys {

    /** How many keys a node keeps in memory. */
    private static final int MOST_KNOWN = 1000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    RowChanges changes;

    @Inject
    Reading reading;

    /** By hash. */
    @SuppressWarnings("NullAway.Init") // made before the first call
    private RowCache<String, ApiKey> known;

    @PostConstruct
    void prepare() {
        known = new RowCache<>(changes, "api_key", change -> null, MOST_KNOWN, (hash, key) -> 1);
    }

    /** A declared key: its SHA-256 in hex, its connectors, none for all, and its requests in a minute to one node. */
    public record Declared(
            String hash, Set<Permission> permissions, List<ConnectorId> connectors, int requestsPerMinute) {

        /** A hundred a second: more than a bot needs, and less than a node can serve. */
        public static final int USUAL_LIMIT = 6000;

        public Declared(String hash, Set<Permission> permissions, List<ConnectorId> connectors) {
            this(hash, permissions, connectors, USUAL_LIMIT);
        }
    }

    /** Makes the declared keys, and no others, valid. */
    @Transactional
    public Difference declare(Map<String, Declared> keys) {
        var before = new HashMap<String, Declared>();
        for (ApiKeyRecord key : entities.createQuery("SELECT k FROM ApiKeyRecord k", ApiKeyRecord.class)
                .getResultList()) {
            if (!key.isRevoked()) {
                before.put(
                        key.name(),
                        new Declared(
                                key.hash(),
                                key.key().permissions(),
                                key.connectors(),
                                key.key().requestsPerMinute()));
            }
            if (!keys.containsKey(key.name())) {
                key.revoke();
            }
        }
        keys.forEach((name, declared) -> {
            ApiKeyRecord key = entities.find(ApiKeyRecord.class, name);
            if (key == null) {
                key = new ApiKeyRecord(name);
                entities.persist(key);
            }
            key.declare(declared.hash(), declared.permissions(), declared.connectors(), declared.requestsPerMinute());
        });
        return Difference.between(before, keys);
    }

    /**
     * Finds a valid key. The look-up by hash reveals nothing by its timing: only the key's owner can choose the hash.
     */
    public Optional<ApiKey> find(Secret key) {
        return Optional.ofNullable(known.get(key.hash(), hash -> reading.read(() -> read(hash))));
    }

    private @Nullable ApiKey read(String hash) {
        return entities.createQuery("SELECT k FROM ApiKeyRecord k WHERE k.hash = :hash", ApiKeyRecord.class)
                .setParameter("hash", hash)
                .getResultStream()
                .filter(found -> !found.isRevoked())
                .findFirst()
                .map(ApiKeyRecord::key)
                .orElse(null);
    }
}
