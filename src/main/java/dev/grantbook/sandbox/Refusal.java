package dev.grantbook.sandbox;

/** An emulated provider says no to a program, in its own words. */
public final class Refusal extends RuntimeException {

    private final transient SandboxReply answer;

    public Refusal(SandboxReply answer) {
        super("refused with " + answer.status());
        this.answer = answer;
    }

    public SandboxReply answer() {
        return answer;
    }
}
