package dev.grantbook.grant.lifecycle;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.ProviderToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a token response or an import, with what is known of their owner.
 *
 * @param subject null while no account is known after a public start
 * @param account null when the provider does not name it
 * @param asked the requested scopes
 * @param providerTokens the secondary tokens
 * @param invitation the id of the invitation that led to them; null for none
 */
public record ReceivedTokens(
        ConnectorId connector,
        @Nullable Subject subject,
        @Nullable Account account,
        Scopes asked,
        TokenResponse token,
        List<ProviderToken> providerTokens,
        @Nullable String invitation) {

    public ReceivedTokens(
            ConnectorId connector,
            @Nullable Subject subject,
            @Nullable Account account,
            Scopes asked,
            TokenResponse token,
            List<ProviderToken> providerTokens) {
        this(connector, subject, account, asked, token, providerTokens, null);
    }

    public ReceivedTokens withInvitation(@Nullable String id) {
        return new ReceivedTokens(connector, subject, account, asked, token, providerTokens, id);
    }

    /** Empty when the provider does not name the account. */
    public String accountId() {
        return account == null ? "" : account.id();
    }

    /** The requested scopes where the response names none (RFC 6749 section 5.1). */
    public Scopes granted() {
        return token.scopes() == null ? asked : token.scopes();
    }
}
