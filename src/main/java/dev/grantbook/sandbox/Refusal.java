package dev.grantbook.sandbox;

/** An emulated provider says no to a program, in its own words. */
public final class Refusal extends RuntimeException {

    private final transient Answer answer;

    public Refusal(Answer answer) {
        super("refused with " + answer.status());
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
