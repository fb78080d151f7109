package dev.grantbook.platform.persistence;

import jakarta.json.JsonObjectBuilder;
import java.util.Collection;

/**
 * What one room stores about chat users. Every room that stores something implements this, so that exports and erasures
 * are complete.
 */
public interface PersonalData {

    /**
     * A person.
     *
     * @param connectors of the bots that ask; data of others is neither theirs to export nor to erase
     * @param subject the bots' own id for the chat user
     * @param grants ids of all grants of the subject to these connectors
     */
    record Person(Collection<String> connectors, String subject, Collection<String> grants) {}

    /** Adds everything that is stored, in clear; of sealed values only that they exist. */
    void tell(Person person, JsonObjectBuilder all);

    /**
     * Deletes everything, in the caller's transaction.
     *
     * @return how many rows there were
     */
    int erase(Person person);
}
