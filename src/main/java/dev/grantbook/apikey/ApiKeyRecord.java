package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The row of an API key, of which only the hash is stored. A key that is no longer declared is revoked; its name stays,
 * since histories mention it.
 */
@Entity
@Table(name = "api_key")
class ApiKeyRecord {

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

    protected ApiKeyRecord() {}

    ApiKeyRecord(String name) {
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

    String name() {
        return name;
    }

    ApiKey key() {
        return new ApiKey(
                name,
                words(permissions).map(Permission::valueOf).collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(connectors()),
                requestsPerMinute);
    }

    String hash() {
        return hash;
    }

    /** In the order of their declaration; empty for every connector. */
    List<ConnectorId> connectors() {
        return words(connectors).map(ConnectorId::new).toList();
    }

    private static Stream<String> words(String list) {
        return Arrays.stream(list.split(" ", -1)).filter(word -> !word.isEmpty());
    }
}
