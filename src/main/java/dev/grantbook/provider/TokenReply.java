package dev.grantbook.provider;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.oauth.TokenResponse;
import java.util.List;
import java.util.Optional;

/**
 * Reply of a token endpoint to an authorization code.
 *
 * @param account whose token it is; empty when the descriptor looks for that elsewhere
 * @param providerTokens what came with tokens of its own
 */
public record TokenReply(TokenResponse token, Optional<Account> account, List<ProviderToken> providerTokens) {

    /** Secondary tokens are secrets, and so is what the token reply holds. */
    @Override
    public String toString() {
        return "TokenReply[" + providerTokens.size() + " secondary tokens]";
    }
}
