package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a provider's API refused a call that presented a token.
 *
 * @param missing the scopes that the provider named as missing; empty when it named none
 */
public record ApiFailure(Meaning meaning, Scopes missing) {

    /** What the bot and its user can do about it. */
    public enum Meaning {
        /** The token is of no use any more: the user must allow again. */
        DEAD,
        /** The token lives and lacks a scope. */
        SCOPE_MISSING,
        /** The token lives, and the user must do something at the provider first. */
        USER_ACTION,
        /** Too many calls: later. */
        RATE_LIMITED,
        /** The provider's own trouble, or something that its descriptor does not tell. */
        UNKNOWN
    }

    /**
     * A line of a descriptor: refusals with this status, and this value at this place, mean that.
     *
     * @param status null for any
     * @param at null for anywhere
     * @param values what is at that place, as text; empty for a range
     * @param from first number of a range; used when {@code values} is empty
     * @param to last number of the range
     * @param scopes where the missing scopes are named; null for nowhere
     */
    public record Rule(
            @Nullable Integer status,
            @Nullable Pointer at,
            Set<String> values,
            int from,
            int to,
            Meaning means,
            @Nullable Pointer scopes) {

        private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

        private boolean fits(int replyStatus, JsonStructure body) {
            if (status != null && status != replyStatus) {
                return false;
            }
            if (at == null) {
                return true;
            }
            String found = at.scalar(body);
            if (found == null) {
                return false;
            }
            return values.isEmpty() ? isInRange(found) : values.contains(found);
        }

        private boolean isInRange(String found) {
            if (!NUMBER.matcher(found).matches()) {
                return false;
            }
            int number = Integer.parseInt(found);
            return from <= number && number <= to;
        }
    }

    /** What the status alone says (RFC 6750 section 3.1, RFC 6585 section 4), where no line of the descriptor fits. */
    private static final List<Rule> USUAL =
            List.of(usual(401, Meaning.DEAD), usual(403, Meaning.SCOPE_MISSING), usual(429, Meaning.RATE_LIMITED));

    private static Rule usual(int status, Meaning means) {
        return new Rule(status, null, Set.of(), 0, 0, means, null);
    }

    /** @param body the reply as JSON, which may be a list; empty when it was none */
    public static ApiFailure classify(List<Rule> rules, int status, JsonStructure body) {
        return first(rules, status, body)
                .or(() -> first(USUAL, status, body))
                .map(rule -> new ApiFailure(rule.means(), missing(rule, body)))
                .orElse(new ApiFailure(Meaning.UNKNOWN, Scopes.NONE));
    }

    public static boolean namesDead(List<Rule> rules, int status, JsonStructure body) {
        return first(rules, status, body)
                .filter(rule -> rule.at() != null && rule.means() == Meaning.DEAD)
                .isPresent();
    }

    private static Optional<Rule> first(List<Rule> rules, int status, JsonStructure body) {
        return rules.stream().filter(rule -> rule.fits(status, body)).findFirst();
    }

    private static Scopes missing(Rule rule, JsonStructure body) {
        if (rule.scopes() == null) {
            return Scopes.NONE;
        }
        try {
            return rule.scopes()
                    .in(body)
                    .map(value -> value instanceof JsonString text
                            ? Scopes.parse(text.getString().replace(',', ' '), ' ')
                            : Scopes.of(value.asJsonArray().getValuesAs(JsonString.class).stream()
                                    .map(JsonString::getString)
                                    .toList()))
                    .orElse(Scopes.NONE);
        } catch (IllegalArgumentException | ClassCastException e) {
            return Scopes.NONE; // what it means is known, and the names were of no use
        }
    }
}
