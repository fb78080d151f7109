package dev.grantbook.sandbox;

/** An emulated provider says no to a program, in its own words. */
final class Refusal extends RuntimeException {

    private final transient Answer answer;

    Refusal(Answer answer) {
        super("refused with " + answer.status());
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
