package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Grants.Received;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes grants, and renews them: one for each connector, subject and account. */
@ApplicationScoped
@Transactional
public class GrantIssuing {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    GrantedScopes scopes;

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

    /**
     * Stores what an exchange brought.
     *
     * @throws jakarta.persistence.PersistenceException when another call made or changed the same grant at the same
     *     time; the caller may try again in a new transaction
     */
    public Grant record(Received received, String actor) {
        return record(received, actor, null);
    }

    /**
     * The same, where the chat user has still to show that it was them: a grant that is not active becomes
     * {@link GrantStatus#UNCONFIRMED}. One that is active was accepted before, with this very account, and stays so;
     * only where the provider does not tell the account does that prove nothing, and the grant waits as well.
     *
     * @param confirmBy when the tokens are destroyed unless somebody confirms; null when there is nothing to confirm
     */
    public Grant record(Received received, String actor, @Nullable Instant confirmBy) {
        return record(received, actor, confirmBy, null);
    }

    /**
     * The same, where a code confirms.
     *
     * @param code what the chat user will hand over; null where it is not a code that confirms
     */
    public Grant record(Received received, String actor, @Nullable Instant confirmBy, @Nullable ConfirmationCode code) {
        return record(received, actor, confirmBy, code, GrantEventKind.GRANTED);
    }

    /**
     * Stores tokens that a bot brought along from elsewhere.
     *
     * @return empty when the subject has a grant that is alive, whatever its account, which stays as it is
     */
    public Optional<Grant> importGrant(Received received, String actor) {
        return grants.isLive(received.connector(), Objects.requireNonNull(received.subject()))
                ? Optional.empty()
                : Optional.of(record(received, actor, null, null, GrantEventKind.IMPORTED));
    }

    private Grant record(
            Received received,
            String actor,
            @Nullable Instant confirmBy,
            @Nullable ConfirmationCode code,
            GrantEventKind beginning) {
        Instant now = clock.instant();
        Subject subject = Objects.requireNonNull(received.subject());
        Optional<Grant> known = grants.ofSubject(received.connector(), subject).stream()
                .filter(grant -> grant.accountId().equals(received.accountId()))
                .findFirst();
        boolean wasActive = known.isPresent() && known.get().isActive(now);
        Grant grant = known.orElseGet(() -> new Grant(
                new GrantId(UUID.randomUUID().toString()), received.connector(), subject, received.accountId(), now));
        TokenResponse token = received.token();
        grant.renew(
                received.account(),
                received.granted(),
                scopes.setOf(received.connector(), received.granted()),
                vault.seal(token.accessToken().value(), grant.accessTokenAssociatedData()),
                // RFC 6749 section 5.1 leaves it out at will: Google, for one, sends it only at the first consent.
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
        if (known.isEmpty()) {
            entities.persist(grant);
        } else {
            renewed.fire(new GrantRenewed(grant));
        }
        history.write(
                grant,
                wasActive ? GrantEventKind.CHANGED : beginning,
                actor,
                received.asked(),
                received.granted(),
                null,
                received.invitation());
        // Now, not at commit: a clash with another call must reach the caller as what it is.
        entities.flush();
        if (known.isPresent() || !received.providerTokens().isEmpty()) {
            secondaryTokens.replace(grant, received.providerTokens());
        }
        return grant;
    }

    /** Writes down that the user was asked again and refused. */
    public void refuse(Grant grant, Scopes asked) {
        history.write(grant, GrantEventKind.REFUSED, "user", asked, Scopes.NONE);
    }
}
