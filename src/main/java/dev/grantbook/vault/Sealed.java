package dev.grantbook.vault;

/** A text that only a {@link Vault} with the right keyset can open, and only at the place it was sealed for. */
public record Sealed(String text) {

    /** In characters of base64. */
    public int length() {
        return text.length();
    }

    @Override
    public String toString() {
        return "[sealed]";
    }
}
