package dev.grantbook.provider;

import dev.grantbook.provider.ProviderException.Kind;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose token it is.
 *
 * @param id the provider's own, stable id; at most 255 characters
 * @param name what people call the account, one line, cut to 255 characters; null when the provider did not say
 * @param installation where the bot is installed by this token; null when that is the account itself
 */
public record Account(
        String id, @Nullable String name, @Nullable Installation installation) {

    /** A team, a workspace: what counts as one installation of a bot, whoever of its members allowed it. */
    public record Installation(String id, @Nullable String name) {}

    private static final int LONGEST = 255;

    /** Control characters and halves of surrogate pairs: no database keeps all of them, and no page shows them. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]+");

    /** @throws ProviderException when the reply does not say whose token it is */
    static Account read(Provider.AccountMapping whose, JsonObject reply) {
        String id = id(whose.id(), reply);
        if (id == null) {
            throw new ProviderException(Kind.MALFORMED, "the provider did not say whose token it is");
        }
        String installation = whose.installationId() == null ? null : id(List.of(whose.installationId()), reply);
        return new Account(
                id,
                line(whose.name().scalar(reply)),
                installation == null ? null : new Installation(installation, installationName(whose, reply)));
    }

    private static @Nullable String installationName(Provider.AccountMapping whose, JsonObject reply) {
        return whose.installationName() == null
                ? null
                : line(whose.installationName().scalar(reply));
    }

    private static @Nullable String id(List<Pointer> pointers, JsonObject reply) {
        List<String> parts =
                pointers.stream().map(pointer -> pointer.scalar(reply)).toList();
        if (parts.stream().anyMatch(part -> part == null || part.isEmpty())) {
            return null;
        }
        String id = parts.stream().map(Objects::requireNonNull).collect(Collectors.joining("/"));
        return id.length() > LONGEST || UNPRINTABLE.matcher(id).find() ? null : id;
    }

    /** Any text as one line that can be kept and shown; null when nothing is left of it. */
    static @Nullable String line(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String cut = name.substring(0, Math.min(name.length(), LONGEST));
        String line = UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
        return line.isEmpty() ? null : line;
    }
}
