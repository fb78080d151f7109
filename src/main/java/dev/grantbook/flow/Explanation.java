package dev.grantbook.flow;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Feature;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Scopes;
import java.util.List;
import java.util.Locale;

/**
 * What a page tells of a need, in the visitor's language.
 *
 * @param features each with its reason and its permissions
 * @param rest permissions that belong to no feature
 */
public record Explanation(List<Card> features, List<Line> rest) {

    /** How a feature or a permission is marked; the page's style sheet knows these words. */
    public enum Mark {
        /** Not decided yet. */
        ASKED,
        WORKS,
        LOCKED,
        GRANTED,
        MISSING;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A feature.
     *
     * @param needed whether the bot cannot go on without it
     */
    public record Card(String name, String reason, Mark mark, boolean needed, List<Line> permissions) {}

    /**
     * A permission.
     *
     * @param needed whether the feature, or the bot, cannot go on without it
     */
    public record Line(String name, String description, Mark mark, boolean needed) {}

    /**
     * Before the user decides.
     *
     * @param asked what the provider will be asked for
     * @param granted what the user granted before
     */
    static Explanation before(Connector connector, Need need, Scopes asked, Scopes granted, Locale locale) {
        var words = new Wording(connector, granted, Mark.ASKED, locale);
        List<Card> cards = need.features().stream()
                .map(feature -> words.card(feature, Mark.ASKED, feature.scopes(), isNeeded(feature, need)))
                .toList();
        Scopes rest = asked.minus(ofFeatures(need));
        Scopes strict = need.required().plus(connector.provider().always());
        return new Explanation(cards, words.lines(rest, strict));
    }

    /** After the user decided: what works first, then what is locked. */
    static Explanation after(Connector connector, Need need, Shortfall shortfall, Scopes granted, Locale locale) {
        var words = new Wording(connector, granted, Mark.MISSING, locale);
        List<Card> cards = shortfall.features().stream()
                .sorted((one, other) -> Boolean.compare(other.ready(), one.ready()))
                .map(state -> words.card(
                        state.feature(),
                        state.ready() ? Mark.WORKS : Mark.LOCKED,
                        state.feature().scopes(),
                        isNeeded(state.feature(), need)))
                .toList();
        Scopes rest = shortfall.scopes().minus(ofFeatures(need));
        return new Explanation(cards, words.lines(rest, need.required()));
    }

    /** What was granted, whatever it is for. */
    static List<Line> granted(Connector connector, Scopes granted, Locale locale) {
        return new Wording(connector, granted, Mark.MISSING, locale).lines(granted, Scopes.NONE);
    }

    private static boolean isNeeded(Feature feature, Need need) {
        return !feature.required().isEmpty() && need.required().contains(feature.required());
    }

    private static Scopes ofFeatures(Need need) {
        return need.features().stream().map(Feature::scopes).reduce(Scopes.NONE, Scopes::plus);
    }

    /** @param otherwise the mark of what is not granted */
    private record Wording(Connector connector, Scopes granted, Mark otherwise, Locale locale) {

        Card card(Feature feature, Mark mark, Scopes scopes, boolean needed) {
            return new Card(
                    feature.name().in(locale),
                    feature.reason().in(locale),
                    mark,
                    needed,
                    lines(scopes, feature.required()));
        }

        List<Line> lines(Scopes scopes, Scopes needed) {
            return scopes.toList().stream().map(scope -> line(scope, needed)).toList();
        }

        private Line line(String scope, Scopes needed) {
            boolean isGranted = granted.tokens().contains(scope);
            return new Line(
                    connector.provider().nameOf(scope, locale),
                    connector.provider().descriptionOf(scope, locale),
                    isGranted ? Mark.GRANTED : otherwise,
                    needed.tokens().contains(scope));
        }
    }
}
