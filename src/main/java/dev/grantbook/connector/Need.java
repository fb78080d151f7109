package dev.grantbook.connector;

import dev.grantbook.oauth.Scopes;
import java.util.List;

/**
 * What a bot needs of a user now.
 *
 * @param required scopes without which the bot cannot go on
 * @param optional scopes that it would like to have; none of them is also required
 */
public record Need(List<Feature> features, Scopes required, Scopes optional) {

    public Scopes scopes() {
        return required.plus(optional);
    }
}
