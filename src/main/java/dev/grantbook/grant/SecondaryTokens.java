package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
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
import java.util.regex.Pattern;

/** What users hold beside their grants. */
@ApplicationScoped
@Transactional
public class SecondaryTokens {

    private static final Logger LOG = Logger.getLogger(SecondaryTokens.class.getName());

    private static final int LONGEST_ID = 255;
    private static final int LONGEST_TOKEN = 16 * 1024;

    /** Control characters and halves of surrogate pairs: no database keeps all of them. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Keeps what an exchange told, in place of all that was there. What a provider names twice counts once; what cannot
     * be kept is left out, and the grant stands without it. What was there and comes again without a refresh token
     * keeps the one that it has.
     */
    public void replace(Grant grant, List<dev.grantbook.provider.ProviderToken> told) {
        Instant now = clock.instant();
        var refreshTokens = new HashMap<List<String>, Secret>();
        for (SecondaryToken held : of(grant.id())) {
            refreshToken(held).ifPresent(token -> refreshTokens.put(List.of(held.kind(), held.externalId()), token));
        }
        forget(grant);
        var seen = new HashSet<List<String>>();
        for (var one : told) {
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

    private static boolean canBeKept(dev.grantbook.provider.ProviderToken one) {
        return !one.id().isEmpty()
                && one.id().length() <= LONGEST_ID
                && !UNPRINTABLE.matcher(one.id()).find()
                && one.token().value().length() <= LONGEST_TOKEN;
    }

    /** Destroys the secondary tokens of a grant. */
    public void forget(Grant grant) {
        entities.createQuery("DELETE FROM SecondaryToken h WHERE h.grantId = :grant")
                .setParameter("grant", grant.id().value())
                .executeUpdate();
    }

    /** By name, those without one at the end. */
    public List<SecondaryToken> of(GrantId grantId) {
        return entities.createQuery(
                        "SELECT h FROM SecondaryToken h WHERE h.grantId = :grant"
                                + " ORDER BY h.kind, CASE WHEN h.name IS NULL THEN 1 ELSE 0 END, h.name, h.externalId",
                        SecondaryToken.class)
                .setParameter("grant", grantId.value())
                .getResultList();
    }

    /** What kinds of secondary tokens there are. */
    public Set<String> kinds(GrantId grantId) {
        return Set.copyOf(entities.createQuery(
                        "SELECT DISTINCT h.kind FROM SecondaryToken h WHERE h.grantId = :grant", String.class)
                .setParameter("grant", grantId.value())
                .getResultList());
    }

    /** What gets another token; empty when there is nothing, or nothing that can be opened any more. */
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

    /** The token in clear, for a bot that may have it. */
    public Secret token(SecondaryToken secondary) {
        return new Secret(
                vault.open(Objects.requireNonNull(secondary.tokens().access()), secondary.accessTokenAssociatedData()));
    }
}
