package dev.grantbook.conversation.web;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.conversation.Conversation;
import dev.grantbook.conversation.ConversationLink;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.HandOver;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.pages.Visitor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page that sends the chat the result, and closes. */
@Named("linked")
@RequestScoped
public class LinkedBacking {

    @Inject
    HttpServletRequest request;

    @Inject
    Visitor visitor;

    @Inject
    ConversationLinks links;

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private Locale locale = Locale.ENGLISH;
    private @Nullable ConversationLink link;
    private @Nullable Conversation conversation;
    private @Nullable Connector connector;
    private @Nullable String code;

    @PostConstruct
    void read() {
        Optional<ConversationLinks.Found> found = links.find(new Secret((String) request.getAttribute(Routes.PART)));
        found.ifPresent(one -> {
            link = one.link();
            conversation = one.conversation();
            connector = connectors.find(one.conversation().connector()).orElse(null);
            code = code(one).map(ConfirmationCode::shown).orElse(null);
        });
        locale = visitor.locale(found.map(one -> one.link().locale()).orElse(null));
    }

    public Locale getLocale() {
        return locale;
    }

    /** The part of the text keys. */
    public String getSays() {
        return getCode() == null ? getStatus() : "confirm";
    }

    /** The result that the chat receives. */
    public String getStatus() {
        if (link == null) {
            return "over";
        }
        LinkEnd ending = link.ending();
        return (ending == null ? LinkEnd.NOT_LINKED : ending).wire();
    }

    /** Name in the style sheet. */
    public String getSign() {
        return switch (getSays()) {
            case "linked", "code_received" -> "works";
            case "missing_scopes" -> "locked";
            default -> "info";
        };
    }

    public @Nullable String getBot() {
        return connector == null ? null : connector.name().in(locale);
    }

    /** The bot platform's id of the session; null when the link is over. */
    public @Nullable String getConversation() {
        return conversation == null ? null : conversation.session();
    }

    /** The only origin that receives the result; null when none is allowed. */
    public @Nullable String getOrigin() {
        return connector == null || link == null
                ? null
                : WebLinking.origin(link.returnTo(), connector.returnUrls()).orElse(null);
    }

    /** The code to send to the bot; null where nothing has to be confirmed, and in every other browser. */
    public @Nullable String getCode() {
        return code;
    }

    private Optional<ConfirmationCode> code(ConversationLinks.Found found) {
        return found.link().ending() == LinkEnd.CODE_RECEIVED
                ? HandOver.readCode(settings, request.getCookies(), found.link().id())
                        .filter(shown -> isAwaited(shown, found.conversation()))
                : Optional.empty();
    }

    /** An authorization code that is not yet exchanged has no grant that could be asked. */
    private boolean isAwaited(ConfirmationCode shown, Conversation of) {
        Instant now = clock.instant();
        return of.hasCode(now)
                || Optional.ofNullable(of.grantId())
                        .flatMap(grants::find)
                        .filter(grant -> grant.awaitsCode(now) && grant.takes(shown))
                        .isPresent();
    }

    /** Where "Back" leads; null where the bot named nothing. */
    public @Nullable String getReturnTo() {
        String returnTo = link == null ? null : link.returnTo();
        return returnTo != null && connector != null && connector.returnUrls().allow(returnTo) ? returnTo : null;
    }
}
