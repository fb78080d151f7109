package dev.grantbook.connector;

import dev.grantbook.catalogue.LocalizedText;
import dev.grantbook.oauth.Scopes;

/**
 * Something the bot can do.
 *
 * @param reason why the bot needs the permissions, for the user
 * @param essential whether the bot is useless without it
 * @param required scopes without which the feature is locked
 * @param optional scopes that make the feature better
 */
public record Feature(
        String id, LocalizedText name, LocalizedText reason, boolean essential, Scopes required, Scopes optional) {

    public Scopes scopes() {
        return required.plus(optional);
    }

    public boolean isReady(Scopes granted) {
        return granted.contains(required);
    }
}
