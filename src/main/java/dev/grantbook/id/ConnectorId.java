package dev.grantbook.id;

/** The name that the operator gave a connector: 1 to 63 characters. */
public record ConnectorId(String value) implements TypedId {

    private static final int LONGEST = 63;

    /** @throws IllegalArgumentException when the value is empty or longer than that */
    public ConnectorId {
        TypedId.check(value, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
