package dev.grantbook.provider;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.oauth.TokenResponse;
import java.util.List;
import java.util.Optional;

/**
 * Reply of a token endpoint to an authorization code.
 *
 * @param account empty when the descriptor reads it elsewhere
 */
public record TokenReply(TokenResponse token, Optional<Account> account, List<ProviderToken> providerTokens) {

    /** Leaves out the tokens. */
    @Override
    public String toString() {
        return "TokenReply[" + providerTokens.size() + " secondary tokens]";
    }
}
