package dev.grantbook.administrator;

import dev.grantbook.platform.config.Settings.SessionSettings;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A browser in which an administrator is signed in: it holds a random token in a cookie, this row the token's hash. It
 * ends with its time-outs, with a sign-out, when somebody ends it in the list, with the administrator's password, and
 * with the administrator.
 */
@Entity
@Table(name = "console_session")
public class ConsoleSession {

    @Id
    private String id = "";

    @Column(name = "token_hash")
    @SuppressWarnings("UnusedVariable") // queries read it
    private String tokenHash = "";

    private String administrator = "";
    private String browser = "";
    private String address = "";

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "used_at")
    private Instant usedAt = Instant.EPOCH;

    /** Sealed, since a new administrator's password may be among them. */
    private @Nullable Sealed notes;

    protected ConsoleSession() {}

    ConsoleSession(String id, String tokenHash, String administrator, Device device, Instant now) {
        this.id = id;
        this.tokenHash = tokenHash;
        this.administrator = administrator;
        this.browser = device.browser();
        this.address = device.address().text();
        this.createdAt = now;
        this.usedAt = now;
    }

    boolean isOpen(Instant now, SessionSettings limits) {
        return usedAt.plus(limits.idle()).isAfter(now)
                && createdAt.plus(limits.lifetime()).isAfter(now);
    }

    static String notesAssociatedData(String id) {
        return "console_session/" + id + "/notes";
    }

    @Nullable
    Sealed notes() {
        return notes;
    }

    void setNotes(@Nullable Sealed sealed) {
        notes = sealed;
    }

    public String id() {
        return id;
    }

    public String administrator() {
        return administrator;
    }

    /** Browser and system, see {@link Device}; empty when unknown. */
    public String browser() {
        return browser;
    }

    /** IP address of the sign-in. */
    public String address() {
        return address;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** The last request, to the minute. */
    public Instant usedAt() {
        return usedAt;
    }
}
