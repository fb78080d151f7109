package dev.grantbook.platform.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.HeaderGroup;
import org.jspecify.annotations.Nullable;

/** What is to be sent, without its target: a method, headers, and perhaps a body that is kept whole. */
public final class OutboundRequest {

    /** RFC 9110 sections 5.1 and 5.5, in the order of the characters. */
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");

    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    /** Headers that say how the message is sent, which is not the caller's business. */
    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    private final HeaderGroup headers = new HeaderGroup();
    private String method = "GET";
    private @Nullable HttpEntity body;

    /**
     * Adds a header.
     *
     * @throws IllegalArgumentException when it cannot be sent; the message does not repeat the value
     */
    public OutboundRequest header(String name, String value) {
        headers.addHeader(require(name, value));
        return this;
    }

    /**
     * Adds a header in place of those of the same name.
     *
     * @throws IllegalArgumentException when it cannot be sent; the message does not repeat the value
     */
    public OutboundRequest setHeader(String name, String value) {
        headers.setHeader(require(name, value));
        return this;
    }

    private static BasicHeader require(String name, String value) {
        if (!NAME.matcher(name).matches()
                || FRAMING.contains(name.toLowerCase(Locale.ROOT))
                || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("the header " + name + " cannot be sent");
        }
        return new BasicHeader(name, value);
    }

    /** Sets the method of a request without a body; GET otherwise. */
    public OutboundRequest method(String name) {
        method = name;
        return this;
    }

    /** Sets the method, and a body that is sent in UTF-8. */
    public OutboundRequest method(String name, String text) {
        body = new ByteArrayEntity(text.getBytes(StandardCharsets.UTF_8), null);
        return method(name);
    }

    HttpUriRequestBase to(URI target) {
        var request = new HttpUriRequestBase(method, target);
        request.setHeaders(headers.getHeaders());
        request.setEntity(body);
        return request;
    }
}
