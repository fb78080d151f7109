package dev.grantbook.catalogue.account;

/** Reports an invalid account proof; the message contains no value of the proof. */
public class AccountProofException extends RuntimeException {

    private final String field;

    AccountProofException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    /** The field at fault, by the provider's name. */
    public String field() {
        return field;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
