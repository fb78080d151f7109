package dev.grantbook.grant;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The secondary tokens of all grants. */
@ApplicationScoped
@Transactional
public class SecondaryTokens {

    private static final Logger LOG = Logger.getLogger(SecondaryTokens.class.getName());

    private static final int LONGEST_TOKEN = 16 * 1024;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Replaces the secondary tokens of a grant. One that is named twice counts once; one that cannot be stored is left
     * out. One that comes again without a refresh token keeps the stored one.
     */
    public void replace(Grant grant, List<ProviderToken> received) {
        Instant now = clock.instant();
        var refreshTokens = new HashMap<List<String>, Secret>();
        for (SecondaryToken held : of(grant.id())) {
            refreshToken(held).ifPresent(token -> refreshTokens.put(List.of(held.kind(), held.externalId()), token));
        }
        forget(grant);
        var seen = new HashSet<List<String>>();
        for (var one : received) {
            if (canBeKept(one) && seen.add(List.of(one.kind(), one.id()))) {
                var made =
                        new SecondaryToken(UUID.randomUUID().toString(), grant.id(), one.kind(), one.id(), one.name());
                Secret refreshToken = one.refreshToken() == null
                        ? refreshTokens.get(List.of(one.kind(), one.id()))
                        : one.refreshToken();
                made.tokens()
                        .issue(
                                vault.seal(one.token().value(), made.accessTokenAssociatedData()),
                                refreshToken == null
                                        ? null
                                        : vault.seal(refreshToken.value(), made.refreshTokenAssociatedData()),
                                one.expiresIn(),
                                now);
                entities.persist(made);
            }
        }
    }

    private static boolean canBeKept(ProviderToken one) {
        return Account.isId(one.id()) && one.token().value().length() <= LONGEST_TOKEN;
    }

    public void forget(Grant grant) {
        entities.createQuery("DELETE FROM SecondaryToken h WHERE h.grantId = :grant")
                .setParameter("grant", grant.id().value())
                .executeUpdate();
    }

    /** By kind and name, those without a name last. */
    public List<SecondaryToken> of(GrantId grantId) {
        return entities.createQuery(
                        "SELECT h FROM SecondaryToken h WHERE h.grantId = :grant"
                                + " ORDER BY h.kind, CASE WHEN h.name IS NULL THEN 1 ELSE 0 END, h.name, h.externalId",
                        SecondaryToken.class)
                .setParameter("grant", grantId.value())
                .getResultList();
    }

    public Set<String> kinds(GrantId grantId) {
        return Set.copyOf(entities.createQuery(
                        "SELECT DISTINCT h.kind FROM SecondaryToken h WHERE h.grantId = :grant", String.class)
                .setParameter("grant", grantId.value())
                .getResultList());
    }

    /** Empty when there is none, or when it cannot be opened. */
    Optional<Secret> refreshToken(SecondaryToken secondary) {
        try {
            return Optional.ofNullable(secondary.tokens().refresh())
                    .map(token -> new Secret(vault.open(token, secondary.refreshTokenAssociatedData())));
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "no other secondary token of grant {0}: {1}", new Object[] {
                secondary.grantId(), e.getMessage()
            });
            return Optional.empty();
        }
    }

    public Secret token(SecondaryToken secondary) {
        return new Secret(
                vault.open(Objects.requireNonNull(secondary.tokens().access()), secondary.accessTokenAssociatedData()));
    }
}
