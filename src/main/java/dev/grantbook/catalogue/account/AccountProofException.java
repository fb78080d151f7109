package dev.grantbook.catalogue.account;

/** An account proof proves nothing. The message holds no value of the proof, and no secret. */
public class AccountProofException extends RuntimeException {

    private final String field;

    AccountProofException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    /** The field of the proof at fault, by the provider's own name. */
    public String field() {
        return field;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
