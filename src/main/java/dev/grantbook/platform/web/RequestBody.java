package dev.grantbook.platform.web;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads whole request bodies, none of them beyond a limit of bytes. */
public final class RequestBody {

    /** Limit where a room needs no other: far above what its requests have. */
    public static final int SMALL = 64 * 1024;

    private RequestBody() {}

    /** Throws a problem (413) for more bytes than the limit. */
    public static byte[] read(InputStream body, int limit) throws IOException {
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw Problem.tooLarge(limit).exception();
        }
        return bytes;
    }

    /** Reads a form; throws a problem when it is not well-formed (400) or has more bytes than the limit (413). */
    public static Parameters form(InputStream body, int limit) throws IOException {
        try {
            return Parameters.parse(new String(read(body, limit), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw Problem.field("body", "not a well-formed form").exception();
        }
    }
}
