package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.GrantWords;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and renews grants, one per connector, subject and account. */
@ApplicationScoped
@Transactional
public class GrantIssuing {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    GrantedSets sets;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    GrantHistory history;

    @Inject
    Event<GrantRenewed> renewed;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /** Fired in the transaction that renews a known grant, whether it lived or had ended. */
    public record GrantRenewed(Grant grant) {}

    /** Finds the grant that the tokens renew, or makes the one that they begin. */
    public Grant prepare(ReceivedTokens received) {
        Subject subject = Objects.requireNonNull(received.subject());
        return grants.ofSubject(received.connector(), subject).stream()
                .filter(grant -> grant.accountId().equals(received.accountId()))
                .findFirst()
                .orElseGet(() -> new Grant(
                        new GrantId(UUID.randomUUID().toString()),
                        received.connector(),
                        subject,
                        received.accountId(),
                        clock.instant()));
    }

    /**
     * Stores the tokens of an exchange. A grant that the chat user has to confirm becomes
     * {@link GrantStatus#UNCONFIRMED}; one that is active stays active, since this account was accepted before, unless
     * the provider does not name the account.
     *
     * @param confirmBy when the tokens are destroyed unless confirmed; null when no confirmation is needed
     * @param code confirms the grant; null where the channel itself confirms
     * @throws jakarta.persistence.PersistenceException when a concurrent call created or changed the same grant; the
     *     caller may try again in a new transaction
     */
    public Grant record(
            ReceivedTokens received, String actor, @Nullable Instant confirmBy, @Nullable ConfirmationCode code) {
        Grant grant = prepare(received);
        record(grant, received, actor, confirmBy, code);
        return grant;
    }

    /**
     * Does so for a prepared grant.
     *
     * @param grant that {@link #prepare} returned in this transaction
     */
    public void record(
            Grant grant,
            ReceivedTokens received,
            String actor,
            @Nullable Instant confirmBy,
            @Nullable ConfirmationCode code) {
        record(grant, received, actor, confirmBy, code, GrantEventKind.GRANTED);
    }

    /**
     * Stores imported tokens.
     *
     * @return empty when the subject has a live grant of any account, which stays as it is
     */
    public Optional<Grant> importGrant(ReceivedTokens received, String actor) {
        if (grants.isLive(received.connector(), Objects.requireNonNull(received.subject()))) {
            return Optional.empty();
        }
        Grant grant = prepare(received);
        record(grant, received, actor, null, null, GrantEventKind.IMPORTED);
        return Optional.of(grant);
    }

    private void record(
            Grant grant,
            ReceivedTokens received,
            String actor,
            @Nullable Instant confirmBy,
            @Nullable ConfirmationCode code,
            GrantEventKind beginning) {
        boolean isKnown = entities.contains(grant);
        // A new grant is as old as its first token, by which that one is told from those that follow.
        Instant now = isKnown ? clock.instant() : grant.createdAt();
        boolean wasActive = isKnown && grant.isActive(now);
        Set<String> words = isKnown ? grant.words() : Set.of();
        TokenResponse token = received.token();
        grant.renew(
                received.account(),
                received.granted(),
                sets.of(received.connector(), received.granted()),
                vault.seal(token.accessToken().value(), grant.accessTokenAssociatedData()),
                // Optional (RFC 6749 section 5.1): Google, for one, sends it at the first consent only.
                token.refreshToken() == null
                        ? grant.lastingRefreshToken(now)
                        : vault.seal(token.refreshToken().value(), grant.refreshTokenAssociatedData()),
                token.tokenType(),
                token.expiresIn(),
                now);
        boolean accepted = wasActive && !grant.accountId().isEmpty();
        if (confirmBy != null && !accepted) {
            grant.awaitConfirmation(confirmBy, code);
        }
        if (isKnown) {
            renewed.fire(new GrantRenewed(grant));
        } else {
            entities.persist(grant);
        }
        history.write(
                grant,
                wasActive ? GrantEventKind.CHANGED : beginning,
                actor,
                received.asked(),
                received.granted(),
                null,
                received.invitation());
        // Now, not at commit, so that the caller gets the exception of a conflict unwrapped.
        entities.flush();
        GrantWords.replace(entities, grant, words);
        if (isKnown || !received.providerTokens().isEmpty()) {
            secondaryTokens.replace(grant, received.providerTokens());
        }
    }

    /** Records that the user was asked again and refused. */
    public void refuse(Grant grant, Scopes asked) {
        history.write(grant, GrantEventKind.REFUSED, "user", asked, Scopes.NONE);
    }
}
