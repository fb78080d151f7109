package dev.grantbook.oauth;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A set of scope tokens (RFC 6749 section 3.3) that keeps its order for display; equality ignores the order. */
public record Scopes(Set<String> tokens) implements Iterable<String> {

    public static final Scopes NONE = new Scopes(Set.of());

    /** Characters of the longest token that can be stored. */
    public static final int LONGEST_TOKEN = 255;

    /** Characters of all tokens that can be stored together, separated by spaces. */
    public static final int LONGEST = 16 * 1024;

    /** @throws IllegalArgumentException when a token is empty or has a character outside RFC 6749's scope-token */
    public Scopes {
        tokens.forEach(Scopes::check);
        tokens = Collections.unmodifiableSet(new LinkedHashSet<>(tokens));
    }

    public static Scopes of(String... tokens) {
        return of(Arrays.asList(tokens));
    }

    public static Scopes of(Collection<String> tokens) {
        return new Scopes(new LinkedHashSet<>(tokens));
    }

    /** Reads a delimited list; repeated delimiters and tokens count once. */
    public static Scopes parse(String text, char separator) {
        return of(Stream.of(text.replace(separator, ' ').trim().split("\\s+"))
                .filter(token -> !token.isEmpty())
                .toList());
    }

    public String join(String separator) {
        return String.join(separator, tokens);
    }

    public Scopes plus(Scopes more) {
        if (contains(more)) {
            return this;
        }
        var all = new LinkedHashSet<>(tokens);
        all.addAll(more.tokens);
        return new Scopes(all);
    }

    public Scopes minus(Scopes fewer) {
        if (isEmpty() || fewer.isEmpty()) {
            return this;
        }
        var rest = new LinkedHashSet<>(tokens);
        rest.removeAll(fewer.tokens);
        return new Scopes(rest);
    }

    public boolean contains(Scopes others) {
        return tokens.containsAll(others.tokens);
    }

    public boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Whether these are more than can be stored with one grant. */
    public boolean isTooLong() {
        return toString().length() > LONGEST || tokens.stream().anyMatch(token -> token.length() > LONGEST_TOKEN);
    }

    public List<String> toList() {
        return List.copyOf(tokens);
    }

    @Override
    public Iterator<String> iterator() {
        return tokens.iterator();
    }

    /** Joins the tokens by one space, as the RFC does. */
    @Override
    public String toString() {
        return join(" ");
    }

    private static void check(String token) {
        boolean legal = !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
        if (!legal) {
            throw new IllegalArgumentException("not a scope token (RFC 6749 section 3.3)");
        }
    }
}
