package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A row of the table of grants.
 *
 * @param title name or id of the account; the subject where neither is known
 * @param missing scopes that the connector needs and the grant lacks
 */
public record GrantRow(
        GrantId id,
        String title,
        Subject subject,
        String connector,
        String status,
        List<ScopeName> granted,
        List<ScopeName> missing,
        Instant updatedAt) {

    static GrantRow of(Grant grant, Optional<Connector> connector, Instant now, Locale locale) {
        return new GrantRow(
                grant.id(),
                title(grant),
                grant.subject(),
                connector
                        .map(known -> known.name().in(locale))
                        .orElse(grant.connector().value()),
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

    static String title(Grant grant) {
        return Stream.of(grant.accountName(), grant.accountId(), grant.subject().value())
                .filter(text -> text != null && !text.isBlank())
                .findFirst()
                .orElse("");
    }
}
