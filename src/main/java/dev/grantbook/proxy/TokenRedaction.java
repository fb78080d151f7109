package dev.grantbook.proxy;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProxyRules;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.BoundedBody;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Keeps tokens from API keys without the permission for them: changes a call so that its reply can be redacted. */
final class TokenRedaction {

    private static final Logger LOG = Logger.getLogger(TokenRedaction.class.getName());

    private static final Pattern WIDE = Pattern.compile("charset\\s*=\\s*\"?utf-?(16|32)");

    /** Let the provider encode a reply so that it cannot be redacted, or cut it within a token. */
    private static final Set<String> OF_THE_REPLYS_FORM =
            Set.of("accept-encoding", "accept-charset", "range", "if-range");

    /** Untrue of a redacted reply. */
    private static final Set<String> OF_THE_WHOLE = Set.of(
            "content-length",
            "content-encoding",
            "content-md5",
            "content-digest",
            "repr-digest",
            "digest",
            "accept-ranges");

    private TokenRedaction() {}

    /**
     * @param path of the call, below the address of the API
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 403 for a call whose reply is a token
     */
    static void check(Provider provider, URI target, String path) {
        URI token = provider.endpoints().token();
        boolean exchanges = token != null
                && target.getHost().equalsIgnoreCase(token.getHost())
                && ProxyRules.plain(target.getRawPath()).equals(ProxyRules.plain(token.getRawPath()));
        if (exchanges || provider.proxy().refuses(path)) {
            throw Problem.of(
                            403,
                            "token-withheld",
                            "The reply to this call is a token, and this API key does not have the permission \"token\"; "
                                    + "nothing was sent to the provider.")
                    .exception();
        }
    }

    static Map<String, List<String>> request(Map<String, List<String>> headers) {
        var kept = without(headers, OF_THE_REPLYS_FORM);
        kept.put("Accept-Encoding", List.of("identity"));
        return kept;
    }

    /**
     * @param bodied whether the reply has a body
     * @param shown the tokens of the call
     * @param largest most bytes of the decoded body
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 502 for an encoding that cannot be redacted
     */
    static Streamed reply(Streamed reply, boolean bodied, List<Secret> shown, ProxyRules rules, long largest) {
        InputStream body = bodied ? decode(reply, largest) : reply.body();
        var headers = without(reply.headers(), OF_THE_WHOLE);
        headers.replaceAll((name, values) -> values.stream()
                .map(value -> TokenFilter.redact(value, shown, rules))
                .toList());
        return new Streamed(reply.status(), headers, TokenFilter.of(body, shown, rules));
    }

    /** Decodes gzip too, since some networks compress what was requested plain. */
    private static InputStream decode(Streamed reply, long largest) {
        String encoding = all(reply, "content-encoding");
        boolean plain = encoding.isEmpty() || encoding.equals("identity");
        boolean wide = WIDE.matcher(all(reply, "content-type")).find();
        if (plain && !wide) {
            return reply.body();
        }
        if (!wide && (encoding.equals("gzip") || encoding.equals("x-gzip"))) {
            try {
                return new BoundedBody(new GZIPInputStream(reply.body()), largest);
            } catch (IOException e) {
                LOG.log(Level.FINE, "a reply that says gzip and is none", e);
            }
        }
        try {
            reply.body().close();
        } catch (IOException e) {
            LOG.log(Level.FINE, "a reply that is not read could not be closed", e);
        }
        throw Problem.of(
                        502,
                        "provider-unreachable",
                        "The reply is encoded so that tokens in it cannot be found, and this API key may not have any.")
                .exception();
    }

    private static String all(Streamed reply, String header) {
        return reply.headers().entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(header))
                .flatMap(entry -> entry.getValue().stream())
                .map(String::strip)
                .collect(Collectors.joining(","))
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, List<String>> without(Map<String, List<String>> headers, Set<String> names) {
        var kept = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        kept.putAll(headers);
        names.forEach(kept::remove);
        return kept;
    }
}
