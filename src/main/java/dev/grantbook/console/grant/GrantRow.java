package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A grant as the table shows it.
 *
 * @param account the account's name, or its id where the provider tells no name; empty when it tells neither
 * @param missing what the connector needs and the user did not grant
 */
public record GrantRow(
        String id,
        String account,
        String subject,
        String connector,
        String status,
        List<ScopeName> granted,
        List<ScopeName> missing,
        Instant updatedAt) {

    static GrantRow of(Grant grant, Optional<Connector> connector, Instant now, Locale locale) {
        return new GrantRow(
                grant.id(),
                account(grant),
                grant.subject(),
                connector.map(known -> known.name().in(locale)).orElse(grant.connector()),
                grant.status(now).wire(),
                ScopeName.of(grant.granted(), connector, locale),
                ScopeName.of(missing(grant, connector), connector, locale),
                grant.updatedAt());
    }

    private static Scopes missing(Grant grant, Optional<Connector> connector) {
        return connector
                .map(known -> Shortfall.of(known.need(), grant.granted()).scopes())
                .orElse(Scopes.NONE);
    }

    static String account(Grant grant) {
        @Nullable String name = grant.accountName();
        return name == null || name.isBlank() ? grant.accountId() : name;
    }
}
