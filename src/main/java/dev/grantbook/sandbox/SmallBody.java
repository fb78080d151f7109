package dev.grantbook.sandbox;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads bodies that cannot fill the memory. */
public final class SmallBody {

    /** Bytes. */
    static final int LARGEST = 64 * 1024;

    private SmallBody() {}

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 413 for more than 64 KiB */
    public static String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw Problem.of(413, "too-large", "A body may have " + LARGEST + " bytes at most.")
                    .exception();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 400 or 413 when it is no form, or one of more
     *     than 64 KiB
     */
    public static Parameters form(InputStream body) throws IOException {
        try {
            return Parameters.parse(text(body));
        } catch (IllegalArgumentException e) {
            throw Problem.field("body", "not a well-formed form").exception();
        }
    }
}
