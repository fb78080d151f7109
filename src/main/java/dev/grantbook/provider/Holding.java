package dev.grantbook.provider;

import dev.grantbook.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Something of a user's that has a token of its own: a Page that the user runs, the user beside an installed bot.
 *
 * @param kind what it is, one word in lower case: {@code page}, {@code user}
 * @param id the provider's own id; at most 255 characters
 * @param name what people call it, one line; null when the provider did not say
 */
public record Holding(String kind, String id, @Nullable String name, Secret token) {}
