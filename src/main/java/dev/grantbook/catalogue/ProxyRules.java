package dev.grantbook.catalogue;

import dev.grantbook.oauth.Percent;
import dev.grantbook.platform.json.JsonMembers;
import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which replies of the provider's API contain tokens, to withhold these from API keys without the permission for
 * tokens.
 *
 * @param refused ends of paths whose replies are tokens
 * @param names names of tokens in replies: members of JSON objects, parameters of addresses
 * @param prefixes beginnings of the provider's tokens
 */
public record ProxyRules(List<Pattern> refused, List<String> names, List<String> prefixes) {

    static ProxyRules from(JsonObject json) {
        return new ProxyRules(
                JsonMembers.texts(json, "refuse").stream()
                        .map(ProxyRules::pattern)
                        .toList(),
                JsonMembers.texts(json, "redact"),
                JsonMembers.texts(json, "token-prefixes"));
    }

    /** @param path below the API's address, encoded as it is sent */
    public boolean refuses(String path) {
        String plain = plain(path);
        return refused.stream().anyMatch(end -> end.matcher(plain).matches());
    }

    /** Decodes a path as lenient servers do: in lower case, without segment parameters and empty segments. */
    public static String plain(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment -> decode(segment).split(";", 2)[0])
                .filter(segment -> !segment.isEmpty())
                .collect(Collectors.joining("/"))
                .toLowerCase(Locale.ROOT);
    }

    private static String decode(String segment) {
        try {
            return Percent.decode(segment);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }

    /** A star stands for anything within a segment. */
    private static Pattern pattern(String end) {
        String body = Arrays.stream(end.toLowerCase(Locale.ROOT).split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("[^/]*"));
        return Pattern.compile("(?:.*/)?" + body, Pattern.DOTALL);
    }
}
