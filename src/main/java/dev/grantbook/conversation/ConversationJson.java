package dev.grantbook.conversation;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.conversation.ConversationFlow.Next;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.ConversationFlow.Question;
import dev.grantbook.conversation.apple.AppleLinking;
import dev.grantbook.conversation.apple.AppleMessage;
import dev.grantbook.conversation.facebook.FacebookButtons;
import dev.grantbook.conversation.facebook.FacebookButtons.Button;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.search.GrantJson.AccountJson;
import dev.grantbook.grant.search.GrantJson.ShortfallJson;
import dev.grantbook.grant.search.GrantJson.TokenJson;
import dev.grantbook.invitation.OfferedLink;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.text.MessageFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Conversations as the API writes them, with what the channel's own program sends on unread. */
@ApplicationScoped
class ConversationJson {

    private static final String WORDS = "dev.grantbook.conversation.messages";

    @Inject
    Conversations conversations;

    @Inject
    ConversationFlow flow;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** @param withToken whether the caller may have the token */
    JsonObject proceed(Question question, Next.Continue next, boolean withToken) {
        return RecordJson.write(
                ConversationHead.of("continue", question),
                withToken ? token(next) : null,
                new Proceeding(
                        next.accountId() == null ? null : new AccountJson(next.accountId(), next.accountName()),
                        next.granted() == null ? null : GrantedAndMissing.of(question, next.granted()),
                        next.expiresAt(),
                        next.verifiedAt()),
                question.channel() == Channel.FACEBOOK ? MessengerAnswer.of(question, null) : null);
    }

    private TokenJson token(Next.Continue next) {
        return next.grant() == null
                ? new TokenJson(null, next.accessToken(), "Bearer")
                : TokenJson.of(next.accessToken(), next.grant(), settings);
    }

    /** @param offer null when the caller may not make links */
    JsonObject ask(Question question, Next.AskUser next, @Nullable Offer offer) {
        return RecordJson.write(
                ConversationHead.of("link", question),
                new Asking(next.reason(), GrantedAndMissing.of(question, next.granted())),
                offer == null ? null : new OfferedLink(offer.url(), offer.expiresAt(), offer.trace()),
                offer == null ? null : extra(question, offer));
    }

    /** What the channel's own program sends on unread. */
    private Record extra(Question question, Offer offer) {
        return switch (question.channel()) {
            case WEB -> new LogInPage(ConversationReturn.page(settings, offer.handle()));
            case FACEBOOK -> MessengerAnswer.of(question, offer);
            case APPLE ->
                new AppleAnswer(AppleMessage.of(
                        question,
                        offer,
                        AppleLinking.redirectUri(settings, question.connector().id()),
                        say(question, "apple.title"),
                        say(question, "apple.reply")));
        };
    }

    private record ConversationHead(
            String next, Channel channel, String conversation, String connector, String subject) {

        static ConversationHead of(String next, Question question) {
            return new ConversationHead(
                    next,
                    question.channel(),
                    question.session(),
                    question.connector().id(),
                    question.request().subject());
        }
    }

    private record Proceeding(
            @Nullable AccountJson account,
            @Unwrapped @Nullable GrantedAndMissing granted,
            @Nullable Instant expiresAt,
            @Nullable Instant verifiedAt) {}

    private record Asking(LinkReason reason, @Unwrapped GrantedAndMissing granted) {}

    private record GrantedAndMissing(
            Scopes granted, @Unwrapped ShortfallJson shortfall) {

        static GrantedAndMissing of(Question question, Scopes granted) {
            var shortfall = Shortfall.of(question.need(), granted);
            return new GrantedAndMissing(
                    granted, ShortfallJson.of(shortfall, question.request().locale()));
        }
    }

    /** Where a log-in page of the operator's own brings its code. */
    private record LogInPage(URI redirectUri) {}

    private record AppleAnswer(JsonObject message) {}

    private record MessengerAnswer(Buttons buttons, Messages messages) {

        record Buttons(@Nullable Button logIn, Button logOut) {}

        record Messages(FacebookButtons.@Nullable ButtonMessage logIn, FacebookButtons.ButtonMessage logOut) {}

        /** @param offer null when there is nothing to log in to */
        static MessengerAnswer of(Question question, @Nullable Offer offer) {
            Button logIn = offer == null ? null : Button.logIn(offer.url());
            Button logOut = Button.logOut();
            return new MessengerAnswer(
                    new Buttons(logIn, logOut),
                    new Messages(
                            logIn == null ? null : logIn.below(say(question, "facebook.log-in")),
                            logOut.below(say(question, "facebook.log-out"))));
        }
    }

    /** @param withCode whether the caller may have the parts of the code */
    JsonObject describe(Conversation conversation, boolean withCode) {
        List<String> parts = conversations.parts(conversation);
        return RecordJson.write(new ConversationDetails(
                conversation.channel(),
                conversation.session(),
                conversation.connector(),
                conversation.subject(),
                codeStatus(conversation),
                conversation.accessToken() != null,
                conversation.createdAt(),
                conversation.updatedAt(),
                withCode && parts.size() > 1 ? parts : null,
                flow.grant(conversation)
                        .map(grant -> new LinkedGrant(grant.id(), grant.status(clock.instant())))
                        .orElse(null)));
    }

    private record ConversationDetails(
            Channel channel,
            String conversation,
            String connector,
            String subject,
            String authCode,
            boolean accessTokenDelivered,
            Instant createdAt,
            Instant updatedAt,
            @Nullable List<String> authCodeParts,
            @Nullable LinkedGrant grant) {}

    private record LinkedGrant(String id, GrantStatus status) {}

    private String codeStatus(Conversation conversation) {
        CodeStatus status = conversation.codeStatus();
        Instant until = conversation.codeUntil();
        boolean late = until != null && !until.isAfter(clock.instant());
        return switch (late ? CodeStatus.NONE : status) {
            case NONE -> "none";
            case WAITING -> "waiting";
            case CLAIMED -> "exchanging";
            case SPENT -> "exchanged";
        };
    }

    private static String say(Question question, String key) {
        Locale locale = Objects.requireNonNullElse(question.request().locale(), Locale.ENGLISH);
        Connector connector = question.connector();
        return new MessageFormat(ResourceBundle.getBundle(WORDS, locale).getString(key), locale).format(new Object[] {
            connector.name().in(locale), connector.provider().name()
        });
    }
}
