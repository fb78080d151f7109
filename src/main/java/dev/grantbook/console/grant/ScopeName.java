package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Scopes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A scope with its texts.
 *
 * @param name the scope itself where the catalogue has no name
 * @param description empty where the catalogue has none
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
