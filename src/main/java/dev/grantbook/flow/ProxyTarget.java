package dev.grantbook.flow;

import dev.grantbook.platform.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a call through the proxy goes: below one of the addresses that the provider's API has, and nowhere else. */
final class ProxyTarget {

    private static final Set<String> DOTS = Set.of(".", "..");

    private ProxyTarget() {}

    /**
     * @param api the API's addresses, without a slash at their ends
     * @param chosen which of them; null for the first
     * @param path encoded, without a slash at its beginning
     * @param query encoded; null for none
     * @throws dev.grantbook.platform.ProblemException naming what leads elsewhere
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
        URI target;
        try {
            target = new URI(base + "/" + path + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw Problem.field("path", "not a path that an address can have").exception();
        }
        boolean below = base.getScheme().equals(target.getScheme())
                && base.getRawAuthority().equals(target.getRawAuthority())
                && target.getRawPath().startsWith(base.getRawPath() + "/");
        if (!below) {
            throw Problem.field("path", "must stay below " + base).exception();
        }
        return target;
    }

    /** Servers disagree about what these mean, encoded once or twice. */
    private static void checkSegments(String path) {
        String decoded = path;
        for (int times = 0; times < 3; times++) {
            for (String segment : decoded.split("[/\\\\]", -1)) {
                if (DOTS.contains(segment) || segment.chars().anyMatch(Character::isISOControl)) {
                    throw Problem.field("path", "must have no dot segments and no control characters")
                            .exception();
                }
            }
            if (decoded.indexOf('\\') >= 0) {
                throw Problem.field("path", "must have no backslash").exception();
            }
            decoded = decode(decoded);
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone percent sign, which is only wrong at the first time; URI says so
        }
    }
}
