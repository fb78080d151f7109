package dev.grantbook.grant;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A combination of scopes that users granted to a connector. A million grants share a handful of combinations, so a
 * search by scope finds the combinations first, and their grants by an index. Created on first occurrence, immutable.
 */
@Entity
@Table(name = "granted_set")
public class GrantedSet {

    @Id
    private String id = "";

    private String connector = "";

    @Column(name = "scopes")
    private Scopes scopes = Scopes.NONE;

    public GrantedSet() {}

    public GrantedSet(ConnectorId connector, Scopes scopes) {
        this.id = idOf(connector, scopes);
        this.connector = connector.value();
        this.scopes = scopes;
    }

    /** Independent of the order of scopes, so that two nodes derive the same id. */
    public static String idOf(ConnectorId connector, Scopes scopes) {
        String sorted =
                StreamSupport.stream(scopes.spliterator(), false).sorted().collect(Collectors.joining(" "));
        return new Secret(connector + " " + sorted).hash().substring(0, 32);
    }

    public String id() {
        return id;
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    public boolean holds(String scope) {
        return scopes.tokens().contains(scope);
    }
}
