package dev.grantbook.conversation;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.MissingScopes;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessDecisions;
import dev.grantbook.access.AccessQuestion;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.AuthorizationCodeExchange;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeFailure;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeResult;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.revocation.Disconnection;
import dev.grantbook.token.FreshTokens;
import dev.grantbook.token.TokenLiveness;
import dev.grantbook.token.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The story of a conversation: {@link #next} answers "Is authenticated?" with what the bot does next. No code and no
 * token is ever written to the log.
 */
@ApplicationScoped
public class ConversationFlow {

    private static final Logger LOG = Logger.getLogger(ConversationFlow.class.getName());

    @Inject
    Conversations conversations;

    @Inject
    ConversationLinks links;

    @Inject
    Invitations invitations;

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    Disconnection disconnection;

    @Inject
    AuthorizationCodeExchange exchange;

    @Inject
    TokenLiveness liveness;

    @Inject
    ProviderApi api;

    @Inject
    AccessDecisions decisions;

    @Inject
    FreshTokens freshTokens;

    @Inject
    TokenUsage usage;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * What a bot platform asks.
     *
     * @param session the platform's own id of the conversation
     * @param request for whom, and what for
     */
    public record Question(Connector connector, Channel channel, String session, Invitation.Request request) {

        Conversation.ConversationKey key() {
            return new Conversation.ConversationKey(connector.id(), channel, session);
        }

        public Need need() {
            return connector.need(request.features(), request.scopes());
        }
    }

    /** What the bot does next. */
    public sealed interface Next {

        /**
         * It goes on with this token.
         *
         * @param grant whose token it is; null for one that the platform delivered
         * @param accountId null when nobody told
         * @param granted null when nobody told: the platform delivered the token without its scopes
         * @param expiresAt null when nobody knows
         * @param verifiedAt when the provider last took the token
         */
        record Continue(
                @Nullable Grant grant,
                Secret accessToken,
                @Nullable String accountId,
                @Nullable String accountName,
                @Nullable Scopes granted,
                @Nullable Instant expiresAt,
                @Nullable Instant verifiedAt)
                implements Next {}

        /**
         * It sends the user a link.
         *
         * @param granted what there is already
         */
        record AskUser(LinkReason reason, Scopes granted) implements Next {}
    }

    /**
     * A link for the user.
     *
     * @param url of the invitation; {@link ChannelAnswer#page} makes the address that the user opens of it
     * @param trace what the log tells of it by; null when nothing told
     * @param handle the secret of this link: the last part of {@code /linked/…}, or Apple's state
     */
    public record Offer(
            URI url, Instant expiresAt, @Nullable String trace, Secret handle) {}

    /** Why nothing was found so far; what was tried last and failed is what the user should hear of. */
    private static final class Findings {

        private LinkReason reason = LinkReason.NOT_LINKED;
        private Scopes granted = Scopes.NONE;

        void note(LinkReason found) {
            reason = found;
        }

        void note(AccessDecision decision) {
            if (decision instanceof MissingScopes missing) {
                lacks(missing.granted());
            } else if (decision instanceof Unconfirmed) {
                reason = LinkReason.UNCONFIRMED;
            } else if (decision instanceof Expired) {
                reason = LinkReason.EXPIRED;
            }
        }

        void lacks(Scopes what) {
            reason = LinkReason.MISSING_SCOPES;
            granted = what;
        }
    }

    /**
     * What the bot does next: the token that the platform delivered, then what the user granted, then a code that
     * arrived, and otherwise a link.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 409 while another call exchanges the code; 503
     *     when the provider cannot be asked for what nobody knows yet
     */
    public Next next(Question question) {
        Conversation conversation = open(question.key(), question.request().subject());
        var findings = new Findings();
        return redeliver(question, conversation, findings)
                .or(() -> continueWithGrant(question, conversation, findings))
                .or(() -> exchangeCode(question, conversation, findings))
                .orElseGet(() -> new Next.AskUser(findings.reason, findings.granted));
    }

    /** The platform holds the token already. */
    private Optional<Next> redeliver(Question question, Conversation conversation, Findings findings) {
        Optional<Secret> token = conversations.token(conversation);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        Instant expiry = conversation.tokenExpiry();
        if (expiry != null && !expiry.isAfter(clock.instant())) {
            conversations.forgetToken(conversation);
            findings.note(LinkReason.EXPIRED);
            return Optional.empty();
        }
        Scopes scopes = conversation.tokenScopes();
        if (scopes != null && !Shortfall.of(question.need(), scopes).isMet()) {
            findings.lacks(scopes);
            return Optional.empty();
        }
        String expected = findExpectedAccount(question);
        boolean known = expected == null || expected.equals(conversation.accountId());
        if (known && !liveness.isOld(conversation.tokenVerifiedAt(), settings.verifyAfter())) {
            return Optional.of(with(token.get(), conversation));
        }
        TokenLiveness.LivenessAnswer answer = liveness.ask(question.connector(), token.get());
        if (answer == TokenLiveness.LivenessAnswer.DEAD) {
            conversations.forgetToken(conversation);
            findings.note(LinkReason.TOKEN_REJECTED);
            return Optional.empty();
        }
        return answer == TokenLiveness.LivenessAnswer.UNKNOWN
                ? verifyToken(question, conversation, token.get())
                : belonging(question, conversation, token.get(), answer, findings);
    }

    /** A token that nobody says is dead, if it is the right account's. */
    private Optional<Next> belonging(
            Question question,
            Conversation conversation,
            Secret token,
            TokenLiveness.LivenessAnswer answer,
            Findings findings) {
        Optional<Account> account;
        try {
            account = api.account(connectors.registration(question.connector()), token);
        } catch (ProviderException e) {
            LOG.log(Level.INFO, "{0}: whose a token is is not known: {1}", new Object[] {
                question.connector().id(), e.getMessage()
            });
            return verifyToken(question, conversation, token);
        }
        String id = account.map(Account::id).orElse(null);
        String name = account.map(Account::name).orElse(null);
        String expected = findExpectedAccount(question);
        if (expected != null && !expected.equals(id)) {
            conversations.forgetToken(conversation);
            findings.note(LinkReason.WRONG_ACCOUNT);
            return Optional.empty();
        }
        if (answer == TokenLiveness.LivenessAnswer.UNASKED) {
            return Optional.of(with(token, conversation));
        }
        conversations.recordVerification(conversation, id, name);
        return Optional.of(new Next.Continue(
                null, token, id, name, conversation.tokenScopes(), conversation.tokenExpiry(), clock.instant()));
    }

    /** What worked before is good enough while the provider is away, unless nobody knows yet whose it is. */
    private Optional<Next> verifyToken(Question question, Conversation conversation, Secret token) {
        if (findExpectedAccount(question) != null && conversation.accountId() == null) {
            throw unreachable("whose token was delivered is not known yet");
        }
        return Optional.of(with(token, conversation));
    }

    private static Next with(Secret token, Conversation conversation) {
        return new Next.Continue(
                null,
                token,
                conversation.accountId(),
                conversation.accountName(),
                conversation.tokenScopes(),
                conversation.tokenExpiry(),
                conversation.tokenVerifiedAt());
    }

    private Optional<Next> continueWithGrant(Question question, Conversation conversation, Findings findings) {
        // Every round but the last ends a grant, so there is a last one.
        while (true) {
            AccessDecision decision = decisions
                    .decide(AccessQuestion.of(question.connector(), question.request(), Freshness.FRESH))
                    .orUnavailable();
            if (!(decision instanceof Authorized authorized)) {
                findings.note(decision);
                return Optional.empty();
            }
            FreshTokens.Fresh fresh = freshTokens.of(question.connector(), authorized.grant(), settings.verifyAfter());
            Grant grant = fresh.grant();
            if (!isActive(grant)) {
                findings.note(LinkReason.TOKEN_REJECTED);
                continue;
            }
            Secret token = fresh.orUnavailable();
            usage.count(grant);
            if (!grant.id().equals(conversation.grantId())) {
                conversations.linkTo(conversation.id(), grant.id());
            }
            return Optional.of(with(token, grant, grant.verifiedAt()));
        }
    }

    private static Next.Continue with(Secret token, Grant grant, @Nullable Instant verifiedAt) {
        return new Next.Continue(
                grant,
                token,
                grant.accountId().isEmpty() ? null : grant.accountId(),
                grant.accountName(),
                grant.granted(),
                grant.expiresAt(),
                verifiedAt);
    }

    private Optional<Next> exchangeCode(Question question, Conversation conversation, Findings findings) {
        Conversations.Claim claim = conversations.claim(conversation.id());
        if (claim instanceof Conversations.Claim.Claimed mine) {
            return exchange(question, conversation, mine.code(), findings);
        }
        if (claim instanceof Conversations.Claim.ClaimedElsewhere) {
            throw Problem.of(
                            409,
                            "exchange-running",
                            "Another call is exchanging this conversation's code at this moment; ask again in a second.")
                    .exception();
        }
        if (claim instanceof Conversations.Claim.TooLate) {
            findings.note(LinkReason.CODE_REJECTED);
        }
        return Optional.empty();
    }

    private Optional<Next> exchange(
            Question question, Conversation conversation, Conversations.Code code, Findings findings) {
        Connector connector = question.connector();
        var answer = new AuthorizationCodeExchange.ReceivedCode(
                connector,
                question.request().subject(),
                question.request().accountId(),
                code.value(),
                code.verifier(),
                code.redirectUri(),
                collectScopes(question),
                null);
        Optional<ConfirmationCode> handOver = HandOver.of(connector, conversation.id(), code.value());
        ExchangeResult<Next.Continue> result = exchange.exchange(
                answer,
                received -> conversations
                        .store(conversation.id(), received, handOver)
                        .map(grant -> with(received.token().accessToken(), grant, grant.verifiedAt())));
        if (result instanceof ExchangeResult.NotExchanged<Next.Continue> failed) {
            fail(conversation, code, failed.reason(), findings);
            return Optional.empty();
        }
        Next.Continue next = ((ExchangeResult.Exchanged<Next.Continue>) result).value();
        AccessDecision decision = decisions.decide(
                AccessQuestion.of(connector, question.request(), Freshness.NO_TOKEN),
                Objects.requireNonNull(next.grant()));
        if (!(decision instanceof Authorized)) {
            findings.note(decision);
            return Optional.empty();
        }
        return Optional.of(next);
    }

    private void fail(Conversation conversation, Conversations.Code code, ExchangeFailure reason, Findings findings) {
        switch (reason) {
            case MISCONFIGURED -> {
                conversations.release(conversation.id(), code);
                throw unreachable("this connector's client secret is not where it should be");
            }
            case UNREACHABLE -> {
                conversations.release(conversation.id(), code);
                throw unreachable("the code is kept; ask again in a moment");
            }
            case REFUSED -> {
                conversations.recordRejection(conversation.id());
                findings.note(LinkReason.CODE_REJECTED);
            }
            case WRONG_ACCOUNT -> {
                conversations.recordRejection(conversation.id());
                findings.note(LinkReason.WRONG_ACCOUNT);
            }
            case ERASED -> LOG.log(Level.INFO, "{0}: a conversation was erased meanwhile", conversation.connector());
        }
    }

    /** What the platform's own link asked for is not known to us; it can have been no less than what is needed. */
    private static Scopes collectScopes(Question question) {
        Connector connector = question.connector();
        return connector
                .provider()
                .catalogue()
                .always()
                .plus(connector.defaultScopes())
                .plus(question.need().required());
    }

    /** The account that must have logged in; null when any will do. */
    private static @Nullable String findExpectedAccount(Question question) {
        return AuthorizationCodeExchange.findExpectedAccount(
                question.connector(),
                question.request().subject(),
                question.request().accountId());
    }

    /**
     * Makes a link for the user. Facebook proves by its webhook who the chat user is, so what is granted with its link
     * waits for that.
     *
     * @param actor who asks, as histories name it
     */
    public Offer offer(Question question, String actor) {
        Invitation.Request request = question.request();
        Conversation conversation = open(question.key(), request.subject());
        Duration lifetime = settings.attempts()
                .invitationLifetime()
                .plus(settings.attempts().lifetime());
        ConversationLinks.IssuedLink link = links.issue(conversation, request.returnTo(), request.locale(), lifetime);
        Invitations.IssuedInvitation invitation = invitations.issue(
                new Invitation.Request(
                        request.connector(),
                        request.subject(),
                        request.accountId(),
                        request.features(),
                        request.scopes(),
                        links.returnPath(link.link().id()),
                        request.locale()),
                actor,
                question.channel() == Channel.FACEBOOK);
        links.leadsThrough(link.link().id(), invitation.invitation().id());
        return new Offer(
                invitation.link(),
                invitation.invitation().expiresAt(),
                invitation.invitation().trace(),
                link.handle());
    }

    /**
     * The platform hands over an authorization code.
     *
     * @param code as it came, in one part or several
     * @param redirectUri where it arrived; null for the connector's own redirect URI
     * @return what whoever logged in has to be shown, for the chat user to hand to the bot; empty when nothing has to
     *     be confirmed
     */
    Optional<ConfirmationCode> keepCode(
            Connector connector,
            Conversation.ConversationKey key,
            String subject,
            Secret code,
            @Nullable Secret verifier,
            @Nullable URI redirectUri) {
        String conversation = open(key, subject).id();
        conversations.keepCode(conversation, code, verifier, redirectUri);
        return HandOver.of(connector, conversation, code);
    }

    void keepToken(
            Conversation.ConversationKey key,
            String subject,
            Secret token,
            @Nullable Duration lifetime,
            @Nullable Scopes scopes) {
        conversations.keepToken(open(key, subject).id(), token, lifetime, scopes);
    }

    /**
     * Log-out: code and token are forgotten, and what the user granted ends, so that the next question is answered with
     * a link. That is every grant of the user, since any of them would answer in the place of the one that ended. A
     * conversation that is not known has nothing to forget.
     *
     * @param actor who ends it, as histories name it
     */
    public void logOut(Conversation.ConversationKey key, String actor) {
        Optional<Conversation> known = conversations.find(key);
        if (known.isEmpty()) {
            return;
        }
        Conversation conversation = known.get();
        conversations.forget(conversation.id());
        if (conversation.grantId() != null) {
            disconnection.disconnect(conversation.grantId(), actor);
        }
        while (true) {
            Optional<Grant> other =
                    grants.find(key.connector(), conversation.subject(), null).filter(this::isActive);
            if (other.isEmpty()) {
                return;
            }
            disconnection.disconnect(other.get().id(), actor);
        }
    }

    /** The conversation's own grant, as it is now. */
    Optional<Grant> grant(Conversation conversation) {
        return Optional.ofNullable(conversation.grantId()).flatMap(grants::find);
    }

    private boolean isActive(Grant grant) {
        return grant.status(clock.instant()) == GrantStatus.ACTIVE;
    }

    private Conversation open(Conversation.ConversationKey key, String subject) {
        return OptimisticRetry.again(() -> conversations.open(key, subject));
    }

    private static RuntimeException unreachable(String detail) {
        return Problem.of(503, "provider-unreachable", "The provider cannot be asked now: " + detail + ".")
                .exception();
    }
}
