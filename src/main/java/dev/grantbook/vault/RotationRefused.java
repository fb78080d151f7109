package dev.grantbook.vault;

/** A step of the rotation that is not allowed now. */
public class RotationRefused extends RuntimeException {

    public enum RotationRefusal {
        /** Only the operator changes a keyset of the configuration. */
        NOT_OURS,
        /** The last rotation is unfinished. */
        GOES_ON,
        /** The key is unknown, or at another stage. */
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
