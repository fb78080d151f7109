package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Scopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the header {@code WWW-Authenticate} of a refusal demands (RFC 9110 section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters names in lower case
 */
public record BearerChallenge(String scheme, Map<String, String> parameters) {

    /** Far above what any server sends. */
    private static final int LONGEST = 8192;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

    /** Scopes are seen without quotation marks too, though a colon or a slash is no part of a {@code token}. */
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,\"=]++))");

    /** Passes over a {@code token68}, like that of {@code Negotiate}. */
    private static final Pattern SCHEME =
            Pattern.compile("(" + TOKEN + ")(?:\\s++[A-Za-z0-9._~+/-]++=*+(?=\\s*+(?:,|$)))?+");

    private static final Pattern BETWEEN = Pattern.compile("[\\s,]*+");

    /**
     * The scopes that a bearer token must have for the call (RFC 6750 section 3.1).
     *
     * @param headers of the refusal; their names may be in any case
     * @return empty when no challenge says {@code insufficient_scope}; no scopes when one does and names none
     */
    public static Optional<Scopes> insufficientScope(Map<String, List<String>> headers) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("WWW-Authenticate"))
                .flatMap(header -> header.getValue().stream())
                .flatMap(line -> read(line).stream())
                .filter(challenge -> challenge.scheme.equals("bearer"))
                .filter(challenge -> "insufficient_scope".equals(challenge.parameters.get("error")))
                .map(BearerChallenge::scopes)
                .findFirst();
    }

    /** What cannot be read is passed over with all that follows it. */
    static List<BearerChallenge> read(String line) {
        var challenges = new ArrayList<BearerChallenge>();
        if (line.length() > LONGEST) {
            return challenges;
        }
        Matcher parameter = PARAMETER.matcher(line);
        Matcher scheme = SCHEME.matcher(line);
        Matcher between = BETWEEN.matcher(line);
        int at = 0;
        while (true) {
            at = between.region(at, line.length()).lookingAt() ? between.end() : at;
            if (!challenges.isEmpty() && parameter.region(at, line.length()).lookingAt()) {
                String quoted = parameter.group(2);
                challenges
                        .get(challenges.size() - 1)
                        .parameters
                        .putIfAbsent(
                                lower(parameter.group(1)),
                                quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
                at = parameter.end();
            } else if (scheme.region(at, line.length()).lookingAt()) {
                challenges.add(new BearerChallenge(lower(scheme.group(1)), new TreeMap<>()));
                at = scheme.end();
            } else {
                return challenges;
            }
        }
    }

    private Scopes scopes() {
        try {
            Scopes named = Scopes.parse(parameters.getOrDefault("scope", ""), ' ');
            return named.isTooLong() ? Scopes.NONE : named;
        } catch (IllegalArgumentException e) {
            return Scopes.NONE; // what the challenge means is known, and the names are of no use
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
