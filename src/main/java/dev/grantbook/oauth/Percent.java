package dev.grantbook.oauth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoding (RFC 3986 section 2.1) strictly, and nothing else: a plus stays a plus. */
public final class Percent {

    private Percent() {}

    /** @throws IllegalArgumentException when two hexadecimal digits are missing, or the result is not UTF-8 */
    public static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] == '%') {
                if (i + 2 >= source.length) {
                    throw new IllegalArgumentException("a percent sign without two digits");
                }
                bytes.put((byte) (digit(source[i + 1]) * 16 + digit(source[i + 2])));
                i += 2;
            } else {
                bytes.put(source[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static int digit(byte character) {
        int digit = Character.digit((char) character, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("a percent sign without two digits");
        }
        return digit;
    }
}
