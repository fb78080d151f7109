package dev.grantbook.it;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What nobody should send, and somebody does.
 *
 * @param headers in place of what a well-behaved client sends; without {@code Content-Type} there is none
 */
record Malformed(Map<String, String> headers, String body) {

    static final List<String> VIEW_STATES =
            List.of("stateless", "", "x", ":", "1:2", "-1:-1", "99999999999999999999:1", "9".repeat(400), "\u4e2d");

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    static final List<Malformed> INPUTS = List.of(
            with("Accept", "*/*;q=9"),
            with("Accept", "garbage"),
            with("Accept", ";;;,"),
            with("Accept", "/"),
            with("Accept", "text/html;q="),
            with("Accept", "application/json;charset=\""),
            with("Accept-Language", "zh_CN;q=5,*-*,;q=x"),
            with("Accept-Encoding", "nope;q=x"),
            with("Cookie", "=;;,\""),
            with("Authorization", "Basic ###"),
            with("Range", "bytes=9-1"),
            with("If-None-Match", "\""),
            with("traceparent", "00-x"),
            new Malformed(Map.of(), "x=1"),
            sent("*/*", "x=1"),
            sent("*/*;q=9", "x=1"),
            sent("garbage", "x=1"),
            sent("text/plain;charset=\"", "x"),
            sent("multipart/form-data", "x"),
            sent(FORM + ";charset=nope", "x=1"),
            sent(FORM + ";charset=%", "x=1"),
            sent(FORM, "%zz=%&&=%00"),
            sent(FORM, "jakarta.faces.ViewState=stateless"),
            sent(FORM, "jakarta.faces.ViewState=1:2&jakarta.faces.partial.ajax=true"),
            sent(JSON, ""),
            sent(JSON, "{"),
            sent(JSON, "[]"),
            sent(JSON, "\u0000\ufffe"),
            sent(JSON, "[".repeat(3000)),
            sent(JSON + ";charset=nope", "{}"));

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private static Malformed with(String header, String value) {
        return new Malformed(Map.ofEntries(entry(header, value)), "");
    }

    private static Malformed sent(String type, String body) {
        return new Malformed(Map.of("Content-Type", type), body);
    }

    Http in(Http caller) {
        Http next = caller;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            next = next.with(header.getKey(), header.getValue());
        }
        return next;
    }

    /** Another one each time, of a network that is nobody's (RFC 3849). */
    static String anAddress() {
        return "2001:db8:0:" + Integer.toHexString(ADDRESSES.incrementAndGet() & 0xffff) + "::1";
    }
}
