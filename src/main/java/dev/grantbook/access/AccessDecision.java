package dev.grantbook.access;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.token.FreshTokens;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link AccessQuestion}; made by {@link AccessDecisions} alone. */
public sealed interface AccessDecision {

    AccessQuestion question();

    /** The grant that the decision is about; null when the subject has none. */
    @Nullable
    Grant grant();

    /** The status as the API writes it. */
    String wire();

    /** Why the grant ended, or will end with its token; null when unknown. */
    default @Nullable EndReason reason() {
        return null;
    }

    /** Scopes that the bot may use now. */
    default Scopes granted() {
        return Scopes.NONE;
    }

    /** Needed scopes minus those that the bot may use now. */
    default Shortfall shortfall() {
        return Shortfall.of(question().need(), granted());
    }

    /** Needed scopes minus those of a grant that has not ended, confirmed or not; empty when there is no such grant. */
    default Optional<Shortfall> remainder() {
        return Optional.empty();
    }

    /** The grant, when the decision has its token. */
    default List<Grant> handedOut() {
        return List.of();
    }

    /**
     * This decision, unless it needs a token that cannot be had at the moment.
     *
     * @throws ProblemException 503
     */
    default AccessDecision orUnavailable() {
        return this;
    }

    /** A grant that has not ended. */
    sealed interface Live extends AccessDecision {

        @Override
        Grant grant();

        @Override
        default @Nullable EndReason reason() {
            return grant().expectedEnd();
        }

        @Override
        default Optional<Shortfall> remainder() {
            return Optional.of(Shortfall.of(question().need(), grant().granted()));
        }
    }

    /** An active grant. */
    sealed interface Active extends Live {

        @Override
        default Scopes granted() {
            return grant().granted();
        }
    }

    /**
     * Everything that is required is granted.
     *
     * @param token null when the question did not ask for it
     */
    record Authorized(
            AccessQuestion question, Grant grant, @Nullable Secret token) implements Active {

        @Override
        public String wire() {
            return "authorized";
        }

        @Override
        public List<Grant> handedOut() {
            return token == null ? List.of() : List.of(grant);
        }
    }

    /**
     * Everything that is required is granted, but no token that works can be had at the moment.
     *
     * @param retryAt when to ask again
     */
    record TokenUnavailable(AccessQuestion question, Grant grant, Instant retryAt) implements Active {

        @Override
        public String wire() {
            return "authorized";
        }

        @Override
        public AccessDecision orUnavailable() {
            throw FreshTokens.unavailable(retryAt);
        }
    }

    /** Something that is required is not granted. */
    record MissingScopes(AccessQuestion question, Grant grant) implements Active {

        @Override
        public String wire() {
            return "missing_scopes";
        }
    }

    /** The grant waits until the chat user confirms it. */
    record Unconfirmed(AccessQuestion question, Grant grant) implements Live {

        @Override
        public String wire() {
            return "unconfirmed";
        }
    }

    /** The token expired and cannot be refreshed. */
    record Expired(
            AccessQuestion question, Grant grant, @Nullable EndReason reason) implements AccessDecision {

        @Override
        public String wire() {
            return "expired";
        }
    }

    /** The grant was ended, and its tokens are destroyed. */
    record Revoked(
            AccessQuestion question, Grant grant, @Nullable EndReason reason) implements AccessDecision {

        @Override
        public String wire() {
            return "revoked";
        }
    }

    /** The subject has no grant. */
    record NotAuthorized(AccessQuestion question) implements AccessDecision {

        @Override
        public @Nullable Grant grant() {
            return null;
        }

        @Override
        public String wire() {
            return "not_authorized";
        }
    }
}
