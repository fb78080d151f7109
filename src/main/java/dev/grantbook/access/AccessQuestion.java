package dev.grantbook.access;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * May this bot have this subject's token now?
 *
 * @param subject null after a public start that no account is known of
 * @param account the provider account that is meant; null for the best one that the subject has
 */
public record AccessQuestion(
        Connector connector,
        @Nullable Subject subject,
        @Nullable String account,
        Need need,
        Freshness freshness) {

    public static AccessQuestion of(Connector connector, Invitation.Request request, Freshness freshness) {
        return new AccessQuestion(
                connector,
                request.subject(),
                request.accountId(),
                connector.need(request.features(), request.scopes()),
                freshness);
    }

    /** Whether scopes are enough for the bot to go on; also of a token that comes with no grant. */
    public boolean isMetBy(Scopes granted) {
        return Shortfall.of(need, granted).isMet();
    }

    AccessQuestion with(Freshness other) {
        return new AccessQuestion(connector, subject, account, need, other);
    }

    /** How current the token has to be. */
    public enum Freshness {
        /** Decides about the grant alone. */
        NO_TOKEN,
        /** Takes the stored token; calls no provider. */
        STORED,
        /** Refreshes a token that is about to expire, and probes one whose proof is old. */
        FRESH,
        /** As {@link #FRESH}, with a proof no older than {@link Settings#verifyAfter}. */
        PROVEN
    }
}
