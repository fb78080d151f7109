package dev.grantbook.administrator;

/** A change to the administrators that must not be. */
public class AdministrationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        NAME_TAKEN,
        UNKNOWN,
        ONESELF,
        LAST_ADMIN,
        WRONG_PASSWORD
    }

    private final Reason reason;

    AdministrationRefused(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
