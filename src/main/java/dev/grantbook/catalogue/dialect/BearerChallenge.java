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
 * Challenge in the header {@code WWW-Authenticate} (RFC 9110 section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by name in lower case
 */
public record BearerChallenge(String scheme, Map<String, String> parameters) {

    private static final int LONGEST = 8192;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

    /** Accepts unquoted scopes too, though a {@code token} contains no colon and no slash. */
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,\"=]++))");

    /** Skips a {@code token68}, like that of {@code Negotiate}. */
    private static final Pattern SCHEME =
            Pattern.compile("(" + TOKEN + ")(?:\\s++[A-Za-z0-9._~+/-]++=*+(?=\\s*+(?:,|$)))?+");

    private static final Pattern BETWEEN = Pattern.compile("[\\s,]*+");

    /**
     * Finds the scopes that a bearer token needs for the call (RFC 6750 section 3.1).
     *
     * @param headers of the refusal, by name in any case
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

    /** Stops at what it cannot read. */
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
            return Scopes.NONE; // the meaning is known, the names are unusable
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
