package dev.grantbook.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which headers of a call are between a bot and its provider; all others are about one of the two connections. */
final class ProxyHeaders {

    /** RFC 9110 section 7.6.1, and what each connection says for itself. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "expect",
            "content-length",
            "http2-settings");

    /** The bot's key is ours, and whose address and cookies it has is nobody else's business. */
    private static final Set<String> OURS =
            Set.of("authorization", "cookie", "forwarded", "via", "origin", "referer", "x-real-ip");

    /** What a provider tells browsers about its own site must not be said about ours. */
    private static final Set<String> OF_ITS_SITE = Set.of(
            "set-cookie",
            "strict-transport-security",
            "content-security-policy",
            "x-frame-options",
            "x-content-type-options",
            "referrer-policy",
            "permissions-policy",
            "cache-control",
            "clear-site-data",
            "alt-svc",
            "server",
            "via",
            "x-robots-tag");

    private ProxyHeaders() {}

    static Map<String, List<String>> ofRequest(Map<String, List<String>> headers) {
        return kept(headers, OURS, List.of("x-forwarded-", "grantbook-"));
    }

    static Map<String, List<String>> ofReply(Map<String, List<String>> headers) {
        return kept(headers, OF_ITS_SITE, List.of(":", "access-control-", "cross-origin-", "ratelimit", "grantbook-"));
    }

    private static Map<String, List<String>> kept(
            Map<String, List<String>> headers, Set<String> dropped, List<String> droppedBeginnings) {
        var named = new ArrayList<String>();
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
