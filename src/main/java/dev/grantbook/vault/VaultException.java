package dev.grantbook.vault;

/** A sealed value cannot be opened: tampered with, moved to another row or column, or sealed with another keyset. */
public class VaultException extends RuntimeException {

    public VaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
