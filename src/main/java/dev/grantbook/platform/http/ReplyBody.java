package dev.grantbook.platform.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Decodes the body of a reply (RFC 9110 section 8.4). */
public final class ReplyBody {

    /** Bytes of the longest reply that is read as a whole. */
    static final int LARGEST = 1024 * 1024;

    private static final List<String> READABLE = List.of("gzip", "x-gzip", "identity", "");

    private ReplyBody() {}

    /**
     * Decodes a body to text. Gzip is recognised by its first two bytes, which begin no text: proxies decode bodies and
     * leave the header, or encode them without one.
     *
     * @param codings values of {@code Content-Encoding}
     * @throws IOException when the decoded body is longer than a reply may be, or its coding is another one
     */
    public static String text(byte[] body, List<String> codings) throws IOException {
        if (body.length == 0) {
            return "";
        }
        for (String line : codings) {
            for (String coding : line.split(",", -1)) {
                if (!READABLE.contains(coding.strip().toLowerCase(Locale.ROOT))) {
                    throw new IOException("the reply's Content-Encoding is neither gzip nor identity");
                }
            }
        }
        boolean zipped = body.length > 1 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
        return new String(zipped ? unzip(body) : body, StandardCharsets.UTF_8);
    }

    private static byte[] unzip(byte[] body) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] decoded = in.readNBytes(LARGEST + 1);
            if (decoded.length > LARGEST) {
                throw new IOException("the reply is larger than " + LARGEST + " bytes once it is decoded");
            }
            return decoded;
        }
    }
}
