package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Scopes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A permission as people know it.
 *
 * @param scope the provider's own name
 * @param name equal to the scope where the catalogue has no better one
 * @param description what it is for; empty where the catalogue does not say
 */
public record ScopeName(String scope, String name, String description) {

    static List<ScopeName> of(Scopes scopes, Optional<Connector> connector, Locale locale) {
        return scopes.toList().stream()
                .map(scope -> new ScopeName(
                        scope,
                        connector
                                .map(known -> known.provider().catalogue().nameOf(scope, locale))
                                .orElse(scope),
                        connector
                                .map(known -> known.provider().catalogue().descriptionOf(scope, locale))
                                .orElse("")))
                .toList();
    }
}
