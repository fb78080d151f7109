package dev.grantbook.grant;

import dev.grantbook.connector.Feature;
import dev.grantbook.connector.Need;
import dev.grantbook.oauth.Scopes;
import java.util.List;

/**
 * Needed scopes minus granted scopes, told per feature.
 *
 * @param required what is missing and stops the bot
 * @param optional what is missing and only locks features that are not essential, or makes them worse
 */
public record Shortfall(Scopes required, Scopes optional, List<FeatureState> features) {

    /**
     * What a feature can do with what was granted.
     *
     * @param ready whether the feature works
     * @param missing scopes of this feature that were not granted, optional ones included
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

    /** Whether the bot can go on. */
    public boolean isMet() {
        return required.isEmpty();
    }

    /** Whether nothing at all is missing. */
    public boolean isNone() {
        return required.isEmpty() && optional.isEmpty();
    }

    public Scopes scopes() {
        return required.plus(optional);
    }
}
