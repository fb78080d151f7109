package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An API key of a bot's back end, of which only the hash is stored. A key that is no longer declared is revoked; its
 * name stays, since histories mention it.
 */
@Entity
@Table(name = "api_key")
public class ApiKey {

    @Id
    private String name = "";

    @Column(name = "key_hash")
    private String hash = "";

    private String permissions = "";

    /** Space-separated ids; empty for every connector. */
    private String connectors = "";

    @Column(name = "requests_per_minute")
    private int requestsPerMinute;

    private boolean revoked;

    @Version
    private long version;

    protected ApiKey() {}

    ApiKey(String name) {
        this.name = name;
    }

    void declare(String newHash, Set<Permission> newPermissions, List<ConnectorId> newConnectors, int newLimit) {
        hash = newHash;
        requestsPerMinute = newLimit;
        permissions = newPermissions.stream().map(Enum::name).sorted().collect(Collectors.joining(" "));
        connectors = String.join(" ", TypedId.values(newConnectors));
        revoked = false;
    }

    void revoke() {
        revoked = true;
    }

    boolean isRevoked() {
        return revoked;
    }

    public String name() {
        return name;
    }

    public Set<Permission> permissions() {
        Set<Permission> all = EnumSet.noneOf(Permission.class);
        for (String permission : permissions.split(" ", -1)) {
            if (!permission.isEmpty()) {
                all.add(Permission.valueOf(permission));
            }
        }
        return all;
    }

    int requestsPerMinute() {
        return requestsPerMinute;
    }

    public Set<ConnectorId> connectors() {
        return Arrays.stream(connectors.split(" ", -1))
                .filter(id -> !id.isEmpty())
                .map(ConnectorId::new)
                .collect(Collectors.toUnmodifiableSet());
    }
}
