package dev.grantbook.catalogue;

import dev.grantbook.oauth.Percent;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the provider's API tells tokens. API keys that may use the proxy and may not have tokens do not get these.
 *
 * @param refused ends of paths whose replies are tokens
 * @param names what tokens are called in replies: members of JSON objects, parameters of addresses
 * @param prefixes what the provider's tokens begin with, wherever they stand
 */
public record ProxyRules(List<Pattern> refused, List<String> names, List<String> prefixes) {

    static final ProxyRules NONE = new ProxyRules(List.of(), List.of(), List.of());

    static ProxyRules from(JsonObject json) {
        return new ProxyRules(
                texts(json, "refuse").stream().map(ProxyRules::pattern).toList(),
                texts(json, "redact"),
                texts(json, "token-prefixes"));
    }

    /** @param path below the API's address, encoded as it is sent */
    public boolean refuses(String path) {
        String plain = plain(path);
        return refused.stream().anyMatch(end -> end.matcher(plain).matches());
    }

    /**
     * Decoded, in lower case, without parameters of segments and without slashes at its ends, as lenient servers read
     * it.
     */
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

    private static List<String> texts(JsonObject json, String name) {
        JsonArray array = json.containsKey(name) ? json.getJsonArray(name) : JsonValue.EMPTY_JSON_ARRAY;
        return array.getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }
}
