package dev.grantbook.invitation;

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
 * @param earlier permissions that are needed no more and were granted once: what is not asked for again would be lost
 * @param allowed what is granted already, and needs no decision
 */
public record Explanation(
        List<Card> features, List<ExplanationLine> rest, List<ExplanationLine> earlier, List<ExplanationLine> allowed) {

    /** How a feature or a permission is marked. */
    public enum Mark {
        /** Not decided yet. */
        ASKED,
        WORKS,
        /** Granted, and of no use before the chat user has confirmed. */
        WAITING,
        /** As before, and it is the code that the chat user has to hand over. */
        WAITING_FOR_CODE,
        LOCKED,
        GRANTED,
        MISSING;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What the style sheet calls its sign. */
        public String sign() {
            return (this == WAITING_FOR_CODE ? WAITING : this).word();
        }
    }

    /**
     * A feature.
     *
     * @param needed whether the bot cannot go on without it
     * @param chip the part of the key of the word beside its name; empty for none
     */
    public record Card(
            String name, String reason, Mark mark, boolean needed, String chip, List<ExplanationLine> permissions) {

        /** Whether all that it needs is granted. */
        public boolean isReady() {
            return mark == Mark.WORKS || mark == Mark.WAITING || mark == Mark.WAITING_FOR_CODE;
        }
    }

    /**
     * A permission.
     *
     * @param needed whether the feature, or the bot, cannot go on without it
     * @param note the part of the key of a word on whether it can be left out; empty for none
     */
    public record ExplanationLine(String name, String description, Mark mark, boolean needed, String note) {}

    /**
     * Before the user decides. Only what is not granted yet is told per feature.
     *
     * @param asked what the provider will be asked for
     * @param granted what the user granted before
     */
    public static Explanation before(Connector connector, Need need, Scopes asked, Scopes granted, Locale locale) {
        Scopes missing = asked.minus(granted);
        boolean mixed = missing.toList().stream().anyMatch(connector.provider().catalogue()::canBeLeftOut);
        var words = new Wording(connector, granted, Mark.ASKED, mixed, locale);
        List<Card> cards = need.features().stream()
                .filter(feature -> feature.scopes().isEmpty() || !granted.contains(feature.scopes()))
                .map(feature ->
                        words.card(feature, Mark.ASKED, feature.scopes().minus(granted), isNeeded(feature, need)))
                .toList();
        Scopes wanted =
                need.scopes().plus(connector.provider().catalogue().always()).plus(connector.defaultScopes());
        Scopes strict = need.required().plus(connector.provider().catalogue().always());
        return new Explanation(
                cards,
                words.lines(missing.minus(ofFeatures(need)).minus(missing.minus(wanted)), strict),
                words.lines(missing.minus(wanted), Scopes.NONE),
                words.lines(granted, Scopes.NONE));
    }

    /**
     * After the user decided: what works first, then what is locked.
     *
     * @param ready how a feature is marked that lacks nothing
     */
    public static Explanation after(
            Connector connector, Need need, Shortfall shortfall, Scopes granted, Mark ready, Locale locale) {
        var words = new Wording(connector, granted, Mark.MISSING, true, locale);
        List<Card> cards = shortfall.features().stream()
                .sorted((one, other) -> Boolean.compare(other.ready(), one.ready()))
                .map(state -> words.card(
                        state.feature(),
                        state.ready() ? ready : Mark.LOCKED,
                        state.feature().scopes(),
                        isNeeded(state.feature(), need)))
                .toList();
        Scopes rest = shortfall.scopes().minus(ofFeatures(need));
        return new Explanation(cards, words.lines(rest, need.required()), List.of(), List.of());
    }

    /** What was granted, whatever it is for. */
    public static List<ExplanationLine> describeGranted(Connector connector, Scopes granted, Locale locale) {
        return new Wording(connector, granted, Mark.MISSING, true, locale).lines(granted, Scopes.NONE);
    }

    private static boolean isNeeded(Feature feature, Need need) {
        return !feature.required().isEmpty() && need.required().contains(feature.required());
    }

    private static Scopes ofFeatures(Need need) {
        return need.features().stream().map(Feature::scopes).reduce(Scopes.NONE, Scopes::plus);
    }

    /**
     * @param otherwise the mark of what is not granted
     * @param mixed whether the provider lets the user leave out some of it
     */
    private record Wording(Connector connector, Scopes granted, Mark otherwise, boolean mixed, Locale locale) {

        Card card(Feature feature, Mark mark, Scopes scopes, boolean needed) {
            return new Card(
                    feature.name().in(locale),
                    feature.reason().in(locale),
                    mark,
                    needed,
                    mark == Mark.ASKED ? chip(scopes, needed) : mark.word(),
                    lines(scopes, feature.required()));
        }

        /** "Optional" is said only where the user can choose. */
        private String chip(Scopes scopes, boolean needed) {
            boolean choice = mixed
                    && scopes.toList().stream().anyMatch(connector.provider().catalogue()::canBeLeftOut);
            return needed ? "needed" : choice ? "optional" : "";
        }

        List<ExplanationLine> lines(Scopes scopes, Scopes needed) {
            return scopes.toList().stream()
                    .map(scope -> line(scope, needed.tokens().contains(scope)))
                    .toList();
        }

        private ExplanationLine line(String scope, boolean needed) {
            Mark mark = granted.tokens().contains(scope) ? Mark.GRANTED : otherwise;
            return new ExplanationLine(
                    connector.provider().catalogue().nameOf(scope, locale),
                    connector.provider().catalogue().descriptionOf(scope, locale),
                    mark,
                    needed,
                    note(scope, mark, needed));
        }

        private String note(String scope, Mark mark, boolean needed) {
            boolean fixed =
                    mark == Mark.ASKED && !connector.provider().catalogue().canBeLeftOut(scope);
            if (mark == Mark.GRANTED || !mixed) {
                return "";
            }
            return fixed ? "fixed" : needed ? "" : "extra";
        }
    }
}
