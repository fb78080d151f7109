package dev.grantbook.grant;

import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something of the user's that came with a grant and has a token of its own: a Page that the user runs. Never changed;
 * each new exchange brings the whole list anew, and the end of the grant destroys it.
 */
@Entity
@Table(name = "holding")
public class Holding {

    @Id
    private String id = "";

    @Column(name = "grant_id")
    private String grantId = "";

    private String kind = "";

    @Column(name = "external_id")
    private String externalId = "";

    private @Nullable String name;

    @SuppressWarnings("NullAway.Init") // JPA sets it
    private Sealed token;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    protected Holding() {}

    Holding(
            String id,
            String grantId,
            String kind,
            String externalId,
            @Nullable String name,
            Sealed token,
            Instant now) {
        this.id = id;
        this.grantId = grantId;
        this.kind = kind;
        this.externalId = externalId;
        this.name = name;
        this.token = token;
        this.updatedAt = now;
    }

    /** Where the sealed token of a holding lives; it opens nowhere else. */
    static String tokenPlace(String id) {
        return "holding/" + id + "/token";
    }

    Sealed token() {
        return token;
    }

    public String id() {
        return id;
    }

    public String grantId() {
        return grantId;
    }

    /** What it is, one word in lower case: {@code page}. */
    public String kind() {
        return kind;
    }

    /** The provider's own id. */
    public String externalId() {
        return externalId;
    }

    /** What people call it; null when the provider did not say. */
    public @Nullable String name() {
        return name;
    }

    /** When the provider told of it. */
    public Instant updatedAt() {
        return updatedAt;
    }
}
