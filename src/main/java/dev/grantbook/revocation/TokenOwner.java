package dev.grantbook.revocation;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.Subject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Owner of a revoked token.
 *
 * @param account the provider's id; empty when unknown
 * @param installation id of the team, or the account again; empty when unknown
 * @param subject null when unknown
 */
record TokenOwner(
        String account, String installation, @Nullable Subject subject) {

    private static final String BETWEEN = "\n";

    static TokenOwner of(Grant grant) {
        return new TokenOwner(grant.accountId(), grant.installationId(), grant.subject());
    }

    static TokenOwner of(ReceivedTokens received) {
        Account account = received.account();
        String installation = account == null || account.installation() == null
                ? received.accountId()
                : account.installation().id();
        return new TokenOwner(received.accountId(), installation, received.subject());
    }

    /** The owner of a token that is the user's and not the team's. */
    TokenOwner alone() {
        return new TokenOwner(account, "", subject);
    }

    /** @param text from {@link #text} */
    static TokenOwner of(String text) {
        String[] parts = text.split(BETWEEN, -1);
        Objects.checkIndex(2, parts.length);
        return new TokenOwner(parts[0], parts[1], parts[2].isEmpty() ? null : new Subject(parts[2]));
    }

    /** None of the parts has a line break. */
    String text() {
        return String.join(BETWEEN, account, installation, subject == null ? "" : subject.value());
    }
}
