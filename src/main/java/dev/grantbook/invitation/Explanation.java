package dev.grantbook.invitation;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Feature;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Scopes;
import java.util.List;
import java.util.Locale;

/**
 * A need in the visitor's language.
 *
 * @param rest permissions that belong to no feature
 * @param earlier permissions that were granted before and are not needed: a new grant without them would lose them
 * @param allowed permissions that are granted
 */
public record Explanation(
        List<Card> features, List<ExplanationLine> rest, List<ExplanationLine> earlier, List<ExplanationLine> allowed) {

    /** State of a feature or a permission. */
    public enum Mark {
        ASKED,
        WORKS,
        /** Granted, but unconfirmed. */
        WAITING,
        /** Granted, but the chat user has to confirm it by a code. */
        WAITING_FOR_CODE,
        LOCKED,
        GRANTED,
        MISSING;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Class in the style sheet. */
        public String sign() {
            return (this == WAITING_FOR_CODE ? WAITING : this).word();
        }
    }

    /** @param chip part of the key of the word beside the name; empty for none */
    public record Card(String name, String reason, Mark mark, String chip, List<ExplanationLine> permissions) {

        public boolean isReady() {
            return mark == Mark.WORKS || mark == Mark.WAITING || mark == Mark.WAITING_FOR_CODE;
        }
    }

    /** @param note part of the key of a word on whether the permission can be left out; empty for none */
    public record ExplanationLine(String name, String description, Mark mark, String note) {}

    /**
     * Before the user decides. Features list only scopes that are not granted yet.
     *
     * @param asked for at the provider
     */
    public static Explanation before(Connector connector, Need need, Scopes asked, Scopes granted, Locale locale) {
        Scopes missing = asked.minus(granted);
        boolean mixed = missing.toList().stream().anyMatch(connector.provider().catalogue()::canBeLeftOut);
        var words = new Wording(connector, granted, Mark.ASKED, mixed, locale);
        List<Card> cards = need.features().stream()
                .filter(feature -> feature.scopes().isEmpty() || !granted.contains(feature.scopes()))
                .map(feature ->
                        words.card(feature, Mark.ASKED, feature.scopes().minus(granted), words.chip(feature, need)))
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
     * After the user decided: ready features first, then locked ones.
     *
     * @param ready mark of a feature that lacks nothing
     */
    public static Explanation after(
            Connector connector, Need need, Shortfall shortfall, Scopes granted, Mark ready, Locale locale) {
        var words = new Wording(connector, granted, Mark.MISSING, true, locale);
        List<Card> cards = shortfall.features().stream()
                .sorted((one, other) -> Boolean.compare(other.ready(), one.ready()))
                .map(state -> {
                    Mark mark = state.ready() ? ready : Mark.LOCKED;
                    return words.card(state.feature(), mark, state.feature().scopes(), mark.word());
                })
                .toList();
        Scopes rest = shortfall.scopes().minus(ofFeatures(need));
        return new Explanation(cards, words.lines(rest, need.required()), List.of(), List.of());
    }

    public static List<ExplanationLine> describeGranted(Connector connector, Scopes granted, Locale locale) {
        return new Wording(connector, granted, Mark.MISSING, true, locale).lines(granted, Scopes.NONE);
    }

    private static Scopes ofFeatures(Need need) {
        return need.features().stream().map(Feature::scopes).reduce(Scopes.NONE, Scopes::plus);
    }

    /**
     * @param otherwise mark of scopes that are not granted
     * @param mixed whether the user can leave out some of them
     */
    private record Wording(Connector connector, Scopes granted, Mark otherwise, boolean mixed, Locale locale) {

        Card card(Feature feature, Mark mark, Scopes scopes, String chip) {
            return new Card(
                    feature.name().in(locale),
                    feature.reason().in(locale),
                    mark,
                    chip,
                    lines(scopes, feature.required()));
        }

        String chip(Feature feature, Need need) {
            if (!feature.required().isEmpty() && need.required().contains(feature.required())) {
                return "needed";
            }
            boolean choice = mixed
                    && feature.scopes().minus(granted).toList().stream()
                            .anyMatch(connector.provider().catalogue()::canBeLeftOut);
            return choice ? "optional" : "";
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
