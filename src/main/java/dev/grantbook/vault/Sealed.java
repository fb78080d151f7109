package dev.grantbook.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** A text that only a {@link Vault} with the right keyset can open, and only at the place it was sealed for. */
public record Sealed(String text) {

    /** For a memory that keeps it sealed. */
    public byte[] toBytes() {
        return text.getBytes(ISO_8859_1);
    }

    public static Sealed fromBytes(byte[] bytes) {
        return new Sealed(new String(bytes, ISO_8859_1));
    }

    @Override
    public String toString() {
        return "[sealed]";
    }
}
