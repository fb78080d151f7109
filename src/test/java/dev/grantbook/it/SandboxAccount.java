package dev.grantbook.it;

/** The people that the sandbox knows. */
enum SandboxAccount {
    ALICE("a11ce000-0000-4000-8000-000000000001"),
    BOB("b0b00000-0000-4000-8000-000000000002");

    final String id;

    SandboxAccount(String id) {
        this.id = id;
    }
}
