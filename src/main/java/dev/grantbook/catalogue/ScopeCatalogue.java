package dev.grantbook.catalogue;

import dev.grantbook.oauth.Scopes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scopes of a provider, as its users see them.
 *
 * @param always scopes that the provider demands in every request
 * @param choice what its consent page lets the user leave out
 * @param texts by scope
 */
public record ScopeCatalogue(Scopes always, ConsentChoice choice, Map<String, ScopeText> texts) {

    /**
     * What a scope is called and what it lets the bot do.
     *
     * @param choice {@link ConsentChoice#EACH} or {@link ConsentChoice#NONE} where it differs from the provider's; null
     *     where not
     */
    public record ScopeText(
            LocalizedText name,
            LocalizedText description,
            @Nullable ConsentChoice choice) {}

    /**
     * Whether the consent page lets the user leave this scope out; where that {@linkplain ConsentChoice#VARIES varies},
     * it may.
     */
    public boolean canBeLeftOut(String scope) {
        ScopeText text = texts.get(scope);
        ConsentChoice of = text == null || text.choice() == null ? choice : text.choice();
        return !always.tokens().contains(scope) && (of == ConsentChoice.EACH || of == ConsentChoice.VARIES);
    }

    /** What a page may say about the user's choice among these scopes. */
    public ConsentChoice choiceAmong(Scopes asked) {
        if (asked.tokens().stream().anyMatch(this::canBeLeftOut)) {
            return choice == ConsentChoice.VARIES ? ConsentChoice.VARIES : ConsentChoice.EACH;
        }
        return choice == ConsentChoice.NONE ? ConsentChoice.NONE : ConsentChoice.ALL;
    }

    /** The scope itself when it has no text. */
    public String nameOf(String scope, Locale locale) {
        return Optional.ofNullable(texts.get(scope))
                .map(text -> text.name().in(locale))
                .orElse(scope);
    }

    /** Empty when it has no text. */
    public String descriptionOf(String scope, Locale locale) {
        return Optional.ofNullable(texts.get(scope))
                .map(text -> text.description().in(locale))
                .orElse("");
    }
}
