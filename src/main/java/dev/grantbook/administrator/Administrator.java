package dev.grantbook.administrator;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person who may use the console. Five wrong passwords in a row lock the name for five minutes. */
@Entity
@Table(name = "administrator")
public class Administrator {

    static final int FAILURES_ALLOWED = 5;
    static final Duration LOCKED_FOR = Duration.ofMinutes(5);

    @Id
    private String name = "";

    @Column(name = "password_hash")
    private String passwordHash = "";

    private String role = Role.AUDITOR;
    private int failures;

    @Column(name = "locked_until")
    private @Nullable Instant lockedUntil;

    @Version
    private long version;

    protected Administrator() {}

    Administrator(String name, String role) {
        this.name = name;
        this.role = role;
    }

    void setPassword(String newPasswordHash) {
        passwordHash = newPasswordHash;
        failures = 0;
        lockedUntil = null;
    }

    void setRole(String newRole) {
        role = newRole;
    }

    boolean isLocked(Instant now) {
        return lockedUntil != null && lockedUntil.isAfter(now);
    }

    /** @return whether this failure locked the name */
    boolean recordFailure(Instant now) {
        failures++;
        if (failures < FAILURES_ALLOWED) {
            return false;
        }
        lockedUntil = now.plus(LOCKED_FOR);
        failures = 0;
        return true;
    }

    void recordSuccess() {
        failures = 0;
        lockedUntil = null;
    }

    public String name() {
        return name;
    }

    public String role() {
        return role;
    }

    String passwordHash() {
        return passwordHash;
    }
}
