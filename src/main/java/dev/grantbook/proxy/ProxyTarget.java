package dev.grantbook.proxy;

import dev.grantbook.platform.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Determines the URI of a proxied call, always below one of the addresses of the provider's API. */
final class ProxyTarget {

    /** Segments that some servers take for a way up or for several segments, encoded or not. */
    private static final Pattern LEADS_ELSEWHERE =
            Pattern.compile("\\.{1,2}(;.*)?|.*[/\\\\\\p{Cntrl}].*", Pattern.DOTALL);

    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

    /** Most levels of percent-encoding that are checked. */
    private static final int DECODINGS = 3;

    private ProxyTarget() {}

    /**
     * @param api the API's addresses, without a trailing slash
     * @param chosen one of them; null for the first
     * @param path encoded, without a leading slash
     * @param query encoded as the bot sent it, since JAX-RS changes escapes; null for none
     * @throws dev.grantbook.platform.problem.Problem.ProblemException naming the part that leads elsewhere
     */
    static URI of(List<URI> api, @Nullable String chosen, String path, @Nullable String query) {
        if (api.isEmpty()) {
            throw Problem.of(409, "no-api", "Neither this provider's descriptor nor the connector names an api.")
                    .exception();
        }
        URI base = api.stream()
                .filter(address -> chosen == null || address.toString().equals(chosen))
                .findFirst()
                .orElseThrow(() ->
                        Problem.field("Grantbook-Api", "must be one of " + api).exception());
        checkSegments(path);
        URI target = part(base + "/" + path, "path");
        return query == null ? target : part(target + "?" + query, "query");
    }

    private static URI part(String address, String name) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            throw Problem.field(name, "has a character that must be percent-encoded")
                    .exception();
        }
    }

    private static void checkSegments(String path) {
        String[] segments = path.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].isEmpty() && i < segments.length - 1) {
                throw Problem.field("path", "must have no empty segments").exception();
            }
            String decoded = segments[i];
            for (int times = 0; times <= DECODINGS; times++) {
                if (LEADS_ELSEWHERE.matcher(decoded).matches()) {
                    throw Problem.field(
                                    "path",
                                    "must have no dot segments, and no slashes, backslashes or control characters that are encoded")
                            .exception();
                }
                decoded = decode(decoded);
            }
        }
    }

    /** Decodes byte by byte, since only ASCII matters, and keeps a lone percent sign, as lenient servers do. */
    private static String decode(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
