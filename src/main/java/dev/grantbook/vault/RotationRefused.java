package dev.grantbook.vault;

/** A step of the rotation that must not be taken now. */
public class RotationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum RotationRefusal {
        /** The keyset comes from the configuration: its operator changes it. */
        NOT_OURS,
        /** The last rotation has not come to its end. */
        GOES_ON,
        /** There is no such key, or it is not where it would have to be. */
        WRONG_KEY,
        /** A node does not know the key yet, or does not seal with the primary one yet. */
        NODES_BEHIND,
        /** Values are left that only this key opens. */
        STILL_NEEDED
    }

    private final RotationRefusal reason;

    RotationRefused(RotationRefusal reason) {
        super(reason.name());
        this.reason = reason;
    }

    public RotationRefusal reason() {
        return reason;
    }
}
