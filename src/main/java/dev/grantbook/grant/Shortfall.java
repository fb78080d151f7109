package dev.grantbook.grant;

import dev.grantbook.connector.Feature;
import dev.grantbook.connector.Need;
import dev.grantbook.oauth.Scopes;
import java.util.List;

/**
 * Needed scopes minus granted scopes, in total and per feature.
 *
 * @param required missing scopes that stop the bot
 * @param optional missing scopes that lock or limit features that are not essential
 */
public record Shortfall(Scopes required, Scopes optional, List<FeatureState> features) {

    /**
     * @param ready whether the feature works
     * @param missing scopes of the feature that were not granted, optional ones included
     */
    public record FeatureState(Feature feature, boolean ready, Scopes missing) {}

    public static Shortfall of(Need need, Scopes granted) {
        return new Shortfall(
                need.required().minus(granted),
                need.optional().minus(granted),
                need.features().stream()
                        .map(feature -> new FeatureState(
                                feature,
                                feature.isReady(granted),
                                feature.scopes().minus(granted)))
                        .toList());
    }

    /** Whether no required scope is missing. */
    public boolean isMet() {
        return required.isEmpty();
    }

    /** Whether no scope is missing. */
    public boolean isNone() {
        return required.isEmpty() && optional.isEmpty();
    }

    public Scopes scopes() {
        return required.plus(optional);
    }
}
