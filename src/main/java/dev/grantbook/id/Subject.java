package dev.grantbook.id;

/** The bot's own id for a chat user, or the provider's account id after a public start: 1 to 255 characters. */
public record Subject(String value) implements TypedId {

    private static final int LONGEST = 255;

    /** @throws IllegalArgumentException when the value is empty or longer than that */
    public Subject {
        TypedId.check(value, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
