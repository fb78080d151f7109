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
 * @param missing scopes that the refusal names as missing
 */
public record ApiFailure(Meaning meaning, Scopes missing) {

    public enum Meaning {
        /** The user must authorize again. */
        DEAD,
        SCOPE_MISSING,
        /** The token lives; the user must act at the provider first. */
        USER_ACTION,
        RATE_LIMITED,
        /** A fault of the provider, or a refusal that its descriptor does not describe. */
        UNKNOWN
    }

    /**
     * A line of a descriptor: what refusals with a status, and a value at a pointer, mean.
     *
     * @param status null for any
     * @param at null where the status alone decides
     * @param values possible values as text; empty for the numbers {@code from} to {@code to}, both included
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

    /** By status (RFC 6750 section 3.1, RFC 6585 section 4), where no line of the descriptor matches. */
    private static final List<Rule> USUAL =
            List.of(usual(401, Meaning.DEAD), usual(403, Meaning.SCOPE_MISSING), usual(429, Meaning.RATE_LIMITED));

    private static Rule usual(int status, Meaning means) {
        return new Rule(status, null, Set.of(), 0, 0, means, null);
    }

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
            return Scopes.NONE; // the meaning is known, the names are unusable
        }
    }
}
