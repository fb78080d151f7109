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
 * A token that came with a grant, such as that of a Facebook Page. Each exchange replaces the whole list; the end of
 * the grant destroys it.
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

    /** The tokens are issued later, since they are sealed for this row. */
    SecondaryToken(String id, GrantId grantId, String kind, String externalId, @Nullable String name) {
        this.id = id;
        this.grantId = grantId.value();
        this.kind = kind;
        this.externalId = externalId;
        this.name = name;
    }

    /** Removes the rejected refresh token. The access token stays valid until it expires. */
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

    /** When the token expires; null when unknown. */
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

    /** One word in lower case: {@code page}. */
    public String kind() {
        return kind;
    }

    /** The provider's own id. */
    public String externalId() {
        return externalId;
    }

    /** Null when the provider names none. */
    public @Nullable String name() {
        return name;
    }

    public Instant updatedAt() {
        return tokens.issuedAt();
    }
}
