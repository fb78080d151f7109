package dev.grantbook.sandbox.account;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who can be signed in at an emulated provider. Two, so that the wrong account can be tried. */
public enum SandboxAccount {
    ALICE("Alice", "a11ce000-0000-4000-8000-000000000001", "7000100001", "+12025550143", "alice@example.com"),
    BOB("Bob", "b0b00000-0000-4000-8000-000000000002", "7000100002", "+12025550178", "bob@example.com");

    private final String fullName;
    private final String userId;
    private final String number;
    private final String phone;
    private final String email;

    SandboxAccount(String fullName, String userId, String number, String phone, String email) {
        this.fullName = fullName;
        this.userId = userId;
        this.number = number;
        this.phone = phone;
        this.email = email;
    }

    public static Optional<SandboxAccount> of(@Nullable String userId) {
        return Arrays.stream(values())
                .filter(account -> account.userId.equals(userId))
                .findFirst();
    }

    public String fullName() {
        return fullName;
    }

    /** A UUID that never changes. */
    public String userId() {
        return userId;
    }

    /** The short number that users of a messenger tell each other. */
    public String number() {
        return number;
    }

    /** Out of the range that is kept free for fiction. */
    public String phone() {
        return phone;
    }

    /** At a domain that is kept free for examples. */
    public String email() {
        return email;
    }
}
