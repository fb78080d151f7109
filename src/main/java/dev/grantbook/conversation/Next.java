package dev.grantbook.conversation;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.MissingScopes;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessQuestion;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.AuthorizationCodeExchange;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.WireName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a bot does next in a conversation. */
public sealed interface Next {

    /**
     * "Is authenticated?", as a bot platform asks it.
     *
     * @param session the platform's own id of the conversation
     */
    record Question(Connector connector, Channel channel, String session, Invitation.Request request) {

        Conversation.ConversationKey key() {
            return new Conversation.ConversationKey(connector.id(), channel, session);
        }

        public Need need() {
            return connector.need(request.features(), request.scopes());
        }

        AccessQuestion access(Freshness freshness) {
            return AccessQuestion.of(connector, request, freshness);
        }

        /** The account that must have logged in; null when any will do. */
        @Nullable
        String expectedAccount() {
            return AuthorizationCodeExchange.findExpectedAccount(connector, request.subject(), request.accountId());
        }
    }

    /**
     * The bot goes on with a token.
     *
     * @param grant of the token; null for a token that the platform delivered
     * @param accountId null when unknown
     * @param granted null when unknown: the platform delivered the token without its scopes
     * @param expiresAt null when unknown
     * @param verifiedAt when the provider last accepted the token; null for never
     */
    record Continue(
            @Nullable Grant grant,
            Secret accessToken,
            @Nullable String accountId,
            @Nullable String accountName,
            @Nullable Scopes granted,
            @Nullable Instant expiresAt,
            @Nullable Instant verifiedAt)
            implements Next {

        static Continue with(Secret token, Grant grant) {
            return new Continue(
                    grant,
                    token,
                    grant.accountId().isEmpty() ? null : grant.accountId(),
                    grant.accountName(),
                    grant.granted(),
                    grant.expiresAt(),
                    grant.verifiedAt());
        }

        /** Continues with the token that the platform delivered. */
        static Continue with(Secret token, Conversation conversation) {
            return new Continue(
                    null,
                    token,
                    conversation.accountId(),
                    conversation.accountName(),
                    conversation.tokenScopes(),
                    conversation.tokenExpiry(),
                    conversation.tokenVerifiedAt());
        }
    }

    /**
     * The bot sends the user a link.
     *
     * @param reason the last one that was found
     * @param granted what is granted already
     */
    record AskUser(LinkReason reason, Scopes granted) implements Next {

        AskUser because(LinkReason found) {
            return new AskUser(found, granted);
        }

        /** Asks for what keeps a grant from being used; unchanged where there is none to speak of. */
        AskUser because(AccessDecision decision) {
            if (decision instanceof MissingScopes missing) {
                return new AskUser(LinkReason.MISSING_SCOPES, missing.granted());
            }
            return decision instanceof Unconfirmed
                    ? because(LinkReason.UNCONFIRMED)
                    : decision instanceof Expired ? because(LinkReason.EXPIRED) : this;
        }
    }

    /** Why the user is asked to follow a link. */
    enum LinkReason implements WireName {
        /** Nothing is granted. */
        NOT_LINKED,
        EXPIRED,
        /** Less is granted than is needed now. */
        MISSING_SCOPES,
        /** The chat user has still to confirm the grant. */
        UNCONFIRMED,
        /** The provider rejected the token, which was dropped. */
        TOKEN_REJECTED,
        /** The provider rejected the authorization code, or it came too late; it was dropped. */
        CODE_REJECTED,
        /** The code or the token belongs to another account than the expected one, and was dropped. */
        WRONG_ACCOUNT;
    }
}
