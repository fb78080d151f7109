package dev.grantbook.platform.persistence;

import jakarta.json.JsonObjectBuilder;
import java.util.Collection;

/**
 * What one room keeps about chat users. Every room that keeps something has one of these, so that a person is told all
 * of it and can have all of it forgotten.
 */
public interface PersonalData {

    /**
     * Whom it is about.
     *
     * @param connectors of the bots that are asked; others' data is not theirs to give or to erase
     * @param subject the bots' own id for the chat user
     * @param grants the ids of all that the subject granted to these connectors
     */
    record Person(Collection<String> connectors, String subject, Collection<String> grants) {}

    /** Adds everything that is kept, in clear; of what is sealed, only that it is there. */
    void tell(Person person, JsonObjectBuilder all);

    /**
     * Forgets everything, in the caller's transaction.
     *
     * @return how many rows there were
     */
    int erase(Person person);
}
