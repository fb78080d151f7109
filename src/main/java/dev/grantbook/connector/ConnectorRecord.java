package dev.grantbook.connector;

import dev.grantbook.id.ConnectorId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A stored connector: the operator's unchanged definition, so that grants outlive a changed file. */
@Entity
@Table(name = "connector")
class ConnectorRecord {

    @Id
    private String id = "";

    private String definition = "";
    private boolean enabled;

    @Version
    private long version;

    protected ConnectorRecord() {}

    ConnectorRecord(String id) {
        this.id = id;
    }

    void declare(String newDefinition) {
        definition = newDefinition;
        enabled = true;
    }

    void disable() {
        enabled = false;
    }

    ConnectorId id() {
        return new ConnectorId(id);
    }

    String definition() {
        return definition;
    }

    boolean isEnabled() {
        return enabled;
    }

    long version() {
        return version;
    }
}
