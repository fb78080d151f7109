package dev.grantbook.proxy;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Selects the headers that pass between a bot and a provider. */
final class ProxyHeaders {

    /** Headers of one connection (RFC 9110 section 7.6.1). */
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

    /** The bot's API key, its cookies and its address, none of which the provider may see. */
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

    /** Instructions to browsers that are about the provider's site. */
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

    /** RFC 9110 section 8.3.1, with empty parameters (section 5.6.6). */
    private static final Pattern MEDIA_TYPE = Pattern.compile(
            "[\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+(\\s*;\\s*([\\w!#$%&'*+.^`|~-]+=(\"[^\"]*\"|[^\\s;\"]+))?)*");

    private ProxyHeaders() {}

    static Map<String, List<String>> ofRequest(Map<String, List<String>> headers) {
        return keep(headers, OURS, List.of("x-forwarded-", "sec-", "grantbook-"));
    }

    /** @param target resolves a relative {@code Location} */
    static Map<String, List<String>> ofReply(Map<String, List<String>> headers, URI target) {
        var kept =
                keep(headers, OF_ITS_SITE, List.of(":", "access-control-", "cross-origin-", "ratelimit", "grantbook-"));
        // Servers fail on a malformed value.
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
        var kept = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        kept.putAll(headers);
        headers.forEach((name, values) -> {
            if (name.equalsIgnoreCase("connection")) {
                values.forEach(line ->
                        Stream.of(line.split(",", -1)).map(String::strip).forEach(kept::remove));
            }
        });
        OF_THE_CONNECTION.forEach(kept::remove);
        dropped.forEach(kept::remove);
        kept.keySet()
                .removeIf(name -> droppedBeginnings.stream()
                        .anyMatch(beginning -> name.toLowerCase(Locale.ROOT).startsWith(beginning)));
        return kept;
    }
}
