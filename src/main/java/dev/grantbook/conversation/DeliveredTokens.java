package dev.grantbook.conversation;

import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.conversation.Next.AskUser;
import dev.grantbook.conversation.Next.Continue;
import dev.grantbook.conversation.Next.LinkReason;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.token.TokenLiveness;
import dev.grantbook.token.TokenLiveness.LivenessAnswer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Decides whether a bot can go on with the access token that its platform delivered. */
@ApplicationScoped
class DeliveredTokens {

    private static final Logger LOG = Logger.getLogger(DeliveredTokens.class.getName());

    @Inject
    Conversations conversations;

    @Inject
    Connectors connectors;

    @Inject
    TokenLiveness liveness;

    @Inject
    ProviderApi api;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** @param otherwise the answer when no token was delivered */
    Next check(Question question, Conversation conversation, AskUser otherwise) {
        Optional<Secret> delivered = conversations.token(conversation);
        if (delivered.isEmpty()) {
            return otherwise;
        }
        if (conversation.isDeliveredOver(clock.instant())) {
            return forget(conversation, otherwise.because(LinkReason.EXPIRED));
        }
        Scopes scopes = conversation.tokenScopes();
        if (scopes != null && !question.access(Freshness.STORED).isMetBy(scopes)) {
            return new AskUser(LinkReason.MISSING_SCOPES, scopes);
        }
        Secret token = delivered.get();
        String expected = question.expectedAccount();
        boolean known = expected == null || expected.equals(conversation.accountId());
        if (known && !liveness.isOld(conversation.tokenVerifiedAt(), settings.verifyAfter())) {
            return Continue.with(token, conversation);
        }
        LivenessAnswer answer = liveness.ask(question.connector(), token);
        return switch (answer) {
            case DEAD -> forget(conversation, otherwise.because(LinkReason.TOKEN_REJECTED));
            case UNKNOWN -> continueUnverified(question, conversation, token);
            case ALIVE, UNASKED -> checkAccount(question, conversation, token, answer, otherwise);
        };
    }

    private Next checkAccount(
            Question question, Conversation conversation, Secret token, LivenessAnswer answer, AskUser otherwise) {
        Optional<Account> account;
        try {
            account = api.account(connectors.registration(question.connector()), token);
        } catch (ProviderException e) {
            LOG.log(Level.INFO, "{0}: whose a token is is not known: {1}", new Object[] {
                question.connector().id(), e.getMessage()
            });
            return continueUnverified(question, conversation, token);
        }
        String id = account.map(Account::id).orElse(null);
        String name = account.map(Account::name).orElse(null);
        String expected = question.expectedAccount();
        if (expected != null && !expected.equals(id)) {
            return forget(conversation, otherwise.because(LinkReason.WRONG_ACCOUNT));
        }
        if (answer == LivenessAnswer.UNASKED) {
            return Continue.with(token, conversation);
        }
        conversations.recordVerification(conversation, id, name);
        return new Continue(
                null, token, id, name, conversation.tokenScopes(), conversation.tokenExpiry(), clock.instant());
    }

    /** Goes on with a token that worked before while the provider is away, unless its account has to be known first. */
    private static Next continueUnverified(Question question, Conversation conversation, Secret token) {
        if (question.expectedAccount() != null && conversation.accountId() == null) {
            throw unreachable("whose token was delivered is not known yet");
        }
        return Continue.with(token, conversation);
    }

    private AskUser forget(Conversation conversation, AskUser ask) {
        conversations.forgetToken(conversation);
        return ask;
    }

    static RuntimeException unreachable(String detail) {
        return Problem.of(503, "provider-unreachable", "The provider cannot be asked now: " + detail + ".")
                .exception();
    }
}
