package dev.grantbook.grant;

import dev.grantbook.provider.Account;
import java.util.Objects;

/**
 * Whose a token was, as far as is known: each part is empty when it is not.
 *
 * @param account the provider's id of the account
 * @param installation of the team, or the account again
 * @param subject the bot's own id
 */
record Whose(String account, String installation, String subject) {

    private static final String BETWEEN = "\n";

    static Whose of(Grant grant) {
        return new Whose(grant.accountId(), grant.installationId(), grant.subject());
    }

    static Whose of(Grants.Received received) {
        Account account = received.account();
        String installation = account == null || account.installation() == null
                ? received.accountId()
                : account.installation().id();
        return new Whose(received.accountId(), installation, received.subject());
    }

    /** Not the team's: of something that the user alone has. */
    Whose alone() {
        return new Whose(account, "", subject);
    }

    /** What {@link #text} gave. */
    static Whose of(String text) {
        String[] parts = text.split(BETWEEN, -1);
        Objects.checkIndex(2, parts.length);
        return new Whose(parts[0], parts[1], parts[2]);
    }

    /** None of the parts has a line break. */
    String text() {
        return String.join(BETWEEN, account, installation, subject);
    }
}
