package dev.grantbook.id;

/** The id of a grant: 1 to 36 characters. */
public record GrantId(String value) implements TypedId {

    private static final int LONGEST = 36;

    /** @throws IllegalArgumentException when the value is empty or longer than that */
    public GrantId {
        TypedId.check(value, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
