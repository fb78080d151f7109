package dev.grantbook.administrator;

/** A change to the administrators that is not allowed. */
public class AdministrationRefused extends RuntimeException {

    public enum RefusalReason {
        NAME_TAKEN,
        UNKNOWN,
        ONESELF,
        LAST_ADMIN,
        WRONG_PASSWORD
    }

    private final RefusalReason reason;

    AdministrationRefused(RefusalReason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public RefusalReason reason() {
        return reason;
    }
}
