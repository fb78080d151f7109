package dev.grantbook.sandbox.account;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts of the emulated providers: two, so that the wrong one can be tried. */
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

    /** A constant UUID. */
    public String userId() {
        return userId;
    }

    /** Short number that messenger users know each other by. */
    public String number() {
        return number;
    }

    /** From the range that is reserved for fiction. */
    public String phone() {
        return phone;
    }

    /** At a domain that is reserved for examples. */
    public String email() {
        return email;
    }
}
