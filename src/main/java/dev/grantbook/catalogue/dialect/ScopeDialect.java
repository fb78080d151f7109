package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Scopes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to read the scopes that a provider reports as granted.
 *
 * @param aliases reported scope → its name in requests
 * @param implied granted scope → scopes that it includes
 * @param silent scopes that are granted and never reported
 * @param permissions how to read the permissions endpoint; null unless that is the source
 */
public record ScopeDialect(
        ScopeSource source,
        Map<String, String> aliases,
        Map<String, List<String>> implied,
        Scopes silent,
        @Nullable Permissions permissions) {

    /**
     * How to read the reply of the permissions endpoint.
     *
     * @param granted the status of a scope that is granted
     */
    public record Permissions(Pointer list, Pointer scope, Pointer status, String granted) {}

    /**
     * Determines what was granted, named as in requests.
     *
     * @param reported null when the provider reported nothing
     */
    public Scopes readGranted(@Nullable Scopes reported, Scopes asked) {
        if (source == ScopeSource.UNREPORTED || reported == null) {
            return asked;
        }
        var granted = new LinkedHashSet<String>();
        reported.forEach(scope -> parts(scope, asked).forEach(part -> granted.add(aliases.getOrDefault(part, part))));
        Set.copyOf(granted)
                .forEach(scope -> implied.getOrDefault(scope, List.of()).stream()
                        .filter(asked.tokens()::contains)
                        .forEach(granted::add));
        silent.tokens().stream().filter(asked.tokens()::contains).forEach(granted::add);
        return new Scopes(granted);
    }

    /** Names scopes as requests do. */
    public Scopes rename(Scopes reported) {
        return Scopes.of(reported.tokens().stream()
                .map(scope -> aliases.getOrDefault(scope, scope))
                .toList());
    }

    /** Splits what some servers join by commas, where each part was asked. */
    private static List<String> parts(String scope, Scopes asked) {
        List<String> parts = List.of(scope.split(",", -1));
        boolean joined = !asked.tokens().contains(scope) && asked.tokens().containsAll(parts);
        return joined ? parts : List.of(scope);
    }
}
