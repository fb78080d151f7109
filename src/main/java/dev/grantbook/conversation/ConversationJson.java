package dev.grantbook.conversation;

import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.conversation.ConversationFlow.Next;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.ConversationFlow.Question;
import dev.grantbook.conversation.apple.AppleLinking;
import dev.grantbook.conversation.apple.AppleMessage;
import dev.grantbook.conversation.facebook.FacebookButtons;
import dev.grantbook.grant.GrantJson;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.text.MessageFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
        var json = head("continue", question);
        if (withToken && next.grant() != null) {
            GrantJson.token(json, next.accessToken(), next.grant(), settings);
        } else if (withToken) {
            json.add("access_token", next.accessToken().value()).add("token_type", "Bearer");
        }
        if (next.accountId() != null) {
            var account = Json.createObjectBuilder().add("id", next.accountId());
            if (next.accountName() != null) {
                account.add("name", next.accountName());
            }
            json.add("account", account);
        }
        if (next.granted() != null) {
            Shortfall shortfall = Shortfall.of(question.need(), next.granted());
            json.add("granted", GrantJson.scopes(next.granted()));
            shortfall(json, question, shortfall);
        }
        GrantJson.time(json, "expires_at", next.expiresAt());
        GrantJson.time(json, "verified_at", next.verifiedAt());
        if (question.channel() == Channel.FACEBOOK) {
            facebook(json, question, null);
        }
        return json.build();
    }

    /** @param offer null when the caller may not make links */
    JsonObject ask(Question question, Next.AskUser next, @Nullable Offer offer) {
        var json = head("link", question)
                .add("reason", next.reason().wire())
                .add("granted", GrantJson.scopes(next.granted()));
        shortfall(json, question, Shortfall.of(question.need(), next.granted()));
        if (offer != null) {
            var link = Json.createObjectBuilder()
                    .add("url", offer.url().toString())
                    .add("expires_at", offer.expiresAt().toString());
            if (offer.trace() != null) {
                link.add("trace", offer.trace());
            }
            json.add("link", link);
            switch (question.channel()) {
                case WEB -> web(json, offer);
                case FACEBOOK -> facebook(json, question, offer);
                case APPLE ->
                    json.add(
                            "message",
                            AppleMessage.of(
                                    question,
                                    offer,
                                    AppleLinking.redirectUri(
                                            settings, question.connector().id()),
                                    say(question, "apple.title"),
                                    say(question, "apple.reply")));
            }
        }
        return json.build();
    }

    private static JsonObjectBuilder head(String next, Question question) {
        return Json.createObjectBuilder()
                .add("next", next)
                .add("channel", question.channel().wire())
                .add("conversation", question.session())
                .add("connector", question.connector().id())
                .add("subject", question.request().subject());
    }

    private static void shortfall(JsonObjectBuilder json, Question question, Shortfall shortfall) {
        json.add("missing", GrantJson.missing(shortfall))
                .add("features", GrantJson.features(shortfall, locale(question)));
    }

    /** Where a log-in page of the operator's own brings its code. */
    private void web(JsonObjectBuilder json, Offer offer) {
        json.add(
                "redirect_uri",
                ConversationReturn.page(settings, offer.handle()).toString());
    }

    /** @param offer null when there is nothing to log in to */
    private static void facebook(JsonObjectBuilder json, Question question, @Nullable Offer offer) {
        var buttons = Json.createObjectBuilder();
        var messages = Json.createObjectBuilder();
        if (offer != null) {
            JsonObject logIn = FacebookButtons.logIn(offer.url());
            buttons.add("log_in", logIn);
            messages.add("log_in", FacebookButtons.message(say(question, "facebook.log-in"), logIn));
        }
        JsonObject logOut = FacebookButtons.logOut();
        buttons.add("log_out", logOut);
        messages.add("log_out", FacebookButtons.message(say(question, "facebook.log-out"), logOut));
        json.add("buttons", buttons).add("messages", messages);
    }

    /** @param withCode whether the caller may have the parts of the code */
    JsonObject describe(Conversation conversation, boolean withCode) {
        List<String> parts = conversations.parts(conversation);
        var json = Json.createObjectBuilder()
                .add("channel", conversation.channel().wire())
                .add("conversation", conversation.session())
                .add("connector", conversation.connector())
                .add("subject", conversation.subject())
                .add("auth_code", codeStatus(conversation))
                .add("access_token_delivered", conversation.accessToken() != null)
                .add("created_at", conversation.createdAt().toString())
                .add("updated_at", conversation.updatedAt().toString());
        if (withCode && parts.size() > 1) {
            json.add("auth_code_parts", Json.createArrayBuilder(parts));
        }
        flow.grant(conversation)
                .ifPresent(grant -> json.add(
                        "grant",
                        Json.createObjectBuilder()
                                .add("id", grant.id())
                                .add("status", grant.status(clock.instant()).wire())));
        return json.build();
    }

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
        Locale locale = locale(question);
        Connector connector = question.connector();
        return new MessageFormat(ResourceBundle.getBundle(WORDS, locale).getString(key), locale).format(new Object[] {
            connector.name().in(locale), connector.provider().name()
        });
    }

    private static Locale locale(Question question) {
        Locale wish = question.request().locale();
        return wish == null ? Locale.ENGLISH : wish;
    }
}
