package dev.grantbook.platform.persistence;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import jakarta.json.JsonObjectBuilder;
import java.util.Collection;

/** What a room stores about chat users. Each room implements this, so that exports and erasures are complete. */
public interface PersonalData {

    /** A chat user: the bots' id, the connectors of the bots that ask, and all grants to these connectors. */
    record Person(Collection<ConnectorId> connectors, Subject subject, Collection<GrantId> grants) {}

    /** Adds everything that is stored, in clear; of sealed values only that they exist. */
    void tell(Person person, JsonObjectBuilder all);

    /** Deletes everything, in the caller's transaction, and returns the number of rows. */
    int erase(Person person);
}
