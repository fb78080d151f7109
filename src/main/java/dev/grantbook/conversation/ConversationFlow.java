package dev.grantbook.conversation;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecision.MissingScopes;
import dev.grantbook.access.AccessDecisions;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.AuthorizationCodeExchange;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeFailure;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeResult;
import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Next.AskUser;
import dev.grantbook.conversation.Next.Continue;
import dev.grantbook.conversation.Next.LinkReason;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.revocation.Disconnection;
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
 * Answers "Is authenticated?" in a conversation with what the bot does next. Writes no code and no token to the log.
 */
@ApplicationScoped
public class ConversationFlow {

    private static final Logger LOG = Logger.getLogger(ConversationFlow.class.getName());

    @Inject
    Conversations conversations;

    @Inject
    DeliveredTokens delivered;

    @Inject
    ConversationLinks links;

    @Inject
    Invitations invitations;

    @Inject
    Grants grants;

    @Inject
    Disconnection disconnection;

    @Inject
    AuthorizationCodeExchange exchange;

    @Inject
    AccessDecisions decisions;

    @Inject
    TokenUsage usage;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * A link for the user.
     *
     * @param url of the invitation; {@link ChannelAnswer#page} makes the address that the user opens of it
     * @param trace the invitation's; null for none
     * @param handle the secret of this link: the last part of {@code /linked/…}, or Apple's state
     */
    public record Offer(
            URI url, Instant expiresAt, @Nullable String trace, Secret handle) {}

    /**
     * Answers with the token that the platform delivered, or that of what the user granted, or that of an authorization
     * code that arrived; otherwise with a link.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 409 while another call exchanges the code; 503
     *     when the provider cannot be asked what has to be known
     */
    public Next next(Question question) {
        Conversation conversation = open(question.key(), question.request().subject());
        Next next = delivered.check(question, conversation, new AskUser(LinkReason.NOT_LINKED, Scopes.NONE));
        if (next instanceof AskUser ask) {
            next = continueWithGrant(question, conversation, ask);
        }
        if (next instanceof AskUser ask) {
            next = exchangeCode(question, conversation, ask);
        }
        return next;
    }

    private Next continueWithGrant(Question question, Conversation conversation, AskUser otherwise) {
        AskUser ask = otherwise;
        // Every round but the last ends a grant, so there is a last one.
        while (true) {
            AccessDecision fresh =
                    decisions.decide(question.access(Freshness.FRESH)).orUnavailable();
            if (!(fresh instanceof Authorized found)) {
                return ask.because(fresh);
            }
            AccessDecision proven = decisions
                    .decide(question.access(Freshness.PROVEN), found.grant())
                    .orUnavailable();
            if (proven instanceof Authorized authorized) {
                Grant grant = authorized.grant();
                usage.count(grant);
                if (!grant.id().equals(conversation.grantId())) {
                    conversations.linkTo(conversation.id(), grant.id());
                }
                return Continue.with(Objects.requireNonNull(authorized.token()), grant);
            }
            if (proven instanceof MissingScopes) {
                return ask.because(proven);
            }
            ask = ask.because(LinkReason.TOKEN_REJECTED);
        }
    }

    private Next exchangeCode(Question question, Conversation conversation, AskUser otherwise) {
        Conversations.Claim claim = conversations.claim(conversation.id());
        if (claim instanceof Conversations.Claim.Claimed mine) {
            return exchange(question, conversation, mine.code(), otherwise);
        }
        if (claim instanceof Conversations.Claim.ClaimedElsewhere) {
            throw Problem.of(
                            409,
                            "exchange-running",
                            "Another call is exchanging this conversation's code at this moment; ask again in a second.")
                    .exception();
        }
        return claim instanceof Conversations.Claim.TooLate ? otherwise.because(LinkReason.CODE_REJECTED) : otherwise;
    }

    private Next exchange(Question question, Conversation conversation, Conversations.Code code, AskUser otherwise) {
        Connector connector = question.connector();
        var received = new AuthorizationCodeExchange.ReceivedCode(
                connector,
                question.request().subject(),
                question.request().accountId(),
                code.value(),
                code.verifier(),
                code.redirectUri(),
                collectScopes(question),
                null);
        Optional<ConfirmationCode> handOver = HandOver.of(connector, conversation.id(), code.value());
        ExchangeResult<Continue> result = exchange.exchange(
                received,
                stored -> conversations
                        .store(conversation.id(), stored, handOver)
                        .map(grant -> Continue.with(stored.token().accessToken(), grant)));
        if (result instanceof ExchangeResult.NotExchanged<Continue> failed) {
            return fail(conversation, code, failed.reason(), otherwise);
        }
        Continue next = ((ExchangeResult.Exchanged<Continue>) result).value();
        AccessDecision decision =
                decisions.decide(question.access(Freshness.NO_TOKEN), Objects.requireNonNull(next.grant()));
        return decision instanceof Authorized ? next : otherwise.because(decision);
    }

    private Next fail(Conversation conversation, Conversations.Code code, ExchangeFailure reason, AskUser otherwise) {
        switch (reason) {
            case MISCONFIGURED -> {
                conversations.release(conversation.id(), code);
                throw DeliveredTokens.unreachable("this connector's client secret is not where it should be");
            }
            case UNREACHABLE -> {
                conversations.release(conversation.id(), code);
                throw DeliveredTokens.unreachable("the code is kept; ask again in a moment");
            }
            case REFUSED, WRONG_ACCOUNT -> {
                conversations.recordRejection(conversation.id());
                return otherwise.because(
                        reason == ExchangeFailure.REFUSED ? LinkReason.CODE_REJECTED : LinkReason.WRONG_ACCOUNT);
            }
            case ERASED -> LOG.log(Level.INFO, "{0}: a conversation was erased meanwhile", conversation.connector());
        }
        return otherwise;
    }

    /** Assumes that the platform's own link, whose scopes are unknown, requested at least what is needed. */
    private static Scopes collectScopes(Question question) {
        Connector connector = question.connector();
        return connector
                .provider()
                .catalogue()
                .always()
                .plus(connector.defaultScopes())
                .plus(question.need().required());
    }

    /**
     * Makes a link for the user. A grant by a link in Facebook Messenger stays unconfirmed until Facebook's webhook
     * identifies the chat user.
     *
     * @param actor as histories name it
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
                        request.locale(),
                        null),
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
     * Keeps an authorization code that the platform delivered.
     *
     * @param code in one part or several
     * @param redirectUri null for the connector's own redirect URI
     * @return the code that the browser has to show, for the chat user to hand to the bot; empty when nothing has to be
     *     confirmed
     */
    Optional<ConfirmationCode> keepCode(
            Connector connector,
            Conversation.ConversationKey key,
            Subject subject,
            Secret code,
            @Nullable Secret verifier,
            @Nullable URI redirectUri) {
        String conversation = open(key, subject).id();
        conversations.keepCode(conversation, code, verifier, redirectUri);
        return HandOver.of(connector, conversation, code);
    }

    void keepToken(
            Conversation.ConversationKey key,
            Subject subject,
            Secret token,
            @Nullable Duration lifetime,
            @Nullable Scopes scopes) {
        conversations.keepToken(open(key, subject).id(), token, lifetime, scopes);
    }

    /**
     * Logs out: drops code and token and revokes every active grant of the user, since any of them would answer in
     * place of another, so that the next question is answered with a link. An unknown conversation is no error.
     *
     * @param actor as histories name it
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
        Instant now = clock.instant();
        grants.ofSubject(key.connector(), conversation.subject()).stream()
                .filter(grant -> grant.isActive(now))
                .forEach(grant -> disconnection.disconnect(grant.id(), actor));
    }

    Optional<Grant> grant(Conversation conversation) {
        return Optional.ofNullable(conversation.grantId()).flatMap(grants::find);
    }

    private Conversation open(Conversation.ConversationKey key, Subject subject) {
        return OptimisticRetry.again(() -> conversations.open(key, subject));
    }
}
