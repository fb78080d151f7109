package dev.grantbook.vault;

/**
 * A text that only a {@link Vault} with the right keyset can open, and only for the place it was sealed for.
 *
 * @param text base64 of Tink's ciphertext, fit for a database column
 */
public record Sealed(String text) {

    @Override
    public String toString() {
        return "[sealed]";
    }
}
