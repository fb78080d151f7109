package dev.grantbook.conversation;

import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.search.GrantJson.AccountJson;
import dev.grantbook.grant.search.GrantJson.ShortfallJson;
import dev.grantbook.grant.search.GrantJson.TokenJson;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.OfferedLink;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes conversations for the API. */
@ApplicationScoped
class ConversationJson {

    @Inject
    Conversations conversations;

    @Inject
    ConversationFlow flow;

    @Inject
    @Any
    Instance<ChannelAnswer> channels;

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
                channel(question).proceed(question));
    }

    private TokenJson token(Next.Continue next) {
        return next.grant() == null
                ? new TokenJson(null, next.accessToken(), "Bearer")
                : TokenJson.of(next.accessToken(), next.grant(), settings);
    }

    /** @param offer null when the caller may not make links */
    JsonObject ask(Question question, Next.AskUser next, @Nullable Offer offer) {
        ChannelAnswer channel = channel(question);
        return RecordJson.write(
                ConversationHead.of("link", question),
                new Asking(next.reason(), GrantedAndMissing.of(question, next.granted())),
                offer == null ? null : new OfferedLink(channel.page(offer.url()), offer.expiresAt(), offer.trace()),
                offer == null ? null : channel.ask(question, offer));
    }

    private ChannelAnswer channel(Question question) {
        return channels.stream()
                .filter(answer -> answer.channel() == question.channel())
                .findFirst()
                .orElseThrow();
    }

    private record ConversationHead(
            String next, Channel channel, String conversation, ConnectorId connector, Subject subject) {

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

    private record Asking(Next.LinkReason reason, @Unwrapped GrantedAndMissing granted) {}

    private record GrantedAndMissing(
            Scopes granted, @Unwrapped ShortfallJson shortfall) {

        static GrantedAndMissing of(Question question, Scopes granted) {
            var shortfall = Shortfall.of(question.need(), granted);
            return new GrantedAndMissing(
                    granted, ShortfallJson.of(shortfall, question.request().locale()));
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
                        .map(grant -> new LinkedGrant(grant.id().value(), grant.status(clock.instant())))
                        .orElse(null)));
    }

    private record ConversationDetails(
            Channel channel,
            String conversation,
            ConnectorId connector,
            Subject subject,
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
}
