package dev.grantbook.proxy;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers of a call are between a bot and its provider; all others are about one of the two connections. */
final class ProxyHeaders {

    /** RFC 9110 section 7.6.1, and what each connection says for itself. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "expect",
            "http2-settings",
            "via");

    /** The bot's key is ours, and whose address and cookies it has is nobody else's business. */
    private static final Set<String> OURS = Set.of(
            "authorization",
            "cookie",
            "forwarded",
            "origin",
            "referer",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "content-length");

    /** What a provider tells browsers about its own site must not be said about ours. */
    private static final Set<String> OF_ITS_SITE = Set.of(
            "set-cookie",
            "set-cookie2",
            "strict-transport-security",
            "content-security-policy",
            "content-security-policy-report-only",
            "x-frame-options",
            "x-content-type-options",
            "referrer-policy",
            "permissions-policy",
            "cache-control",
            "clear-site-data",
            "service-worker-allowed",
            "alt-svc",
            "server",
            "x-robots-tag");

    /** RFC 9110 section 8.3.1; between semicolons may be nothing (section 5.6.6). */
    private static final Pattern MEDIA_TYPE = Pattern.compile(
            "[\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+(\\s*;\\s*([\\w!#$%&'*+.^`|~-]+=(\"[^\"]*\"|[^\\s;\"]+))?)*");

    private ProxyHeaders() {}

    static Map<String, List<String>> ofRequest(Map<String, List<String>> headers) {
        return keep(headers, OURS, List.of("x-forwarded-", "sec-", "grantbook-"));
    }

    /** @param target where the call went, since an address in the reply may leave that out */
    static Map<String, List<String>> ofReply(Map<String, List<String>> headers, URI target) {
        var kept =
                keep(headers, OF_ITS_SITE, List.of(":", "access-control-", "cross-origin-", "ratelimit", "grantbook-"));
        // What nobody can read is left out: the server would stumble over it.
        kept.computeIfPresent("location", (same, values) -> absolute(target, values.get(0)));
        kept.computeIfPresent(
                "content-type",
                (same, values) -> MEDIA_TYPE.matcher(values.get(0)).matches() ? values : null);
        return kept;
    }

    private static @Nullable List<String> absolute(URI target, String location) {
        try {
            return List.of(target.resolve(location).toString());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Map<String, List<String>> keep(
            Map<String, List<String>> headers, Set<String> dropped, List<String> droppedBeginnings) {
        var named = new HashSet<String>();
        headers.forEach((name, values) -> {
            if (lower(name).equals("connection")) {
                values.forEach(line -> List.of(line.split(",", -1)).forEach(one -> named.add(lower(one.strip()))));
            }
        });
        var kept = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> {
            String lower = lower(name);
            boolean stays = !OF_THE_CONNECTION.contains(lower)
                    && !dropped.contains(lower)
                    && !named.contains(lower)
                    && droppedBeginnings.stream().noneMatch(lower::startsWith);
            if (stays) {
                kept.put(name, List.copyOf(values));
            }
        });
        return kept;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
