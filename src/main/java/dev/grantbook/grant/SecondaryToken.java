package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something of the user's that came with a grant and has a token of its own: a Page that the user runs. Each new
 * exchange brings the whole list anew, and the end of the grant destroys it. Its token may have an end, and a refresh
 * token that gets another one; see {@link SealedTokens}.
 */
@Entity
@Table(name = "secondary_token")
public class SecondaryToken implements TokenHolder {

    @Id
    private String id = "";

    @Column(name = "grant_id")
    private String grantId = "";

    private String kind = "";

    @Column(name = "external_id")
    private String externalId = "";

    private @Nullable String name;

    @Embedded
    @AttributeOverride(name = "access", column = @Column(name = "token"))
    @AttributeOverride(name = "issuedAt", column = @Column(name = "updated_at"))
    private SealedTokens tokens = new SealedTokens();

    protected SecondaryToken() {}

    /** Without its tokens, which are sealed for this row. */
    SecondaryToken(String id, GrantId grantId, String kind, String externalId, @Nullable String name) {
        this.id = id;
        this.grantId = grantId.value();
        this.kind = kind;
        this.externalId = externalId;
        this.name = name;
    }

    /** No other token can be got any more. The one that there is stays good until its end. */
    public void refuseRefresh() {
        tokens.destroyRefresh();
        tokens.releaseLease();
    }

    @Override
    public boolean isRefreshable() {
        return tokens.refresh() != null;
    }

    @Override
    public SealedTokens tokens() {
        return tokens;
    }

    @Override
    public String accessTokenAssociatedData() {
        return "secondary_token/" + id + "/token";
    }

    @Override
    public String refreshTokenAssociatedData() {
        return "secondary_token/" + id + "/refresh_token";
    }

    /** When its token ends; null when nobody knows. */
    public @Nullable Instant expiresAt() {
        return tokens.expiresAt();
    }

    @Override
    public String rowId() {
        return id;
    }

    @Override
    public GrantId grantId() {
        return new GrantId(grantId);
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

    /** When its token came. */
    public Instant updatedAt() {
        return tokens.issuedAt();
    }
}
