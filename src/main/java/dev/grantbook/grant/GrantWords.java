package dev.grantbook.grant;

import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Set;

/** Writes the rows of {@link Grant#words}, those of a grant by one statement. */
public final class GrantWords {

    private GrantWords() {}

    /**
     * Replaces the rows of a stored grant, if its words have changed.
     *
     * @param before the words that are stored; empty for a new grant
     */
    public static void replace(EntityManager entities, Grant grant, Set<String> before) {
        Set<String> words = grant.words();
        if (words.equals(before)) {
            return;
        }
        if (!before.isEmpty()) {
            LimitedUpdate.query(entities, "DELETE FROM grant_word WHERE grant_id = ?", grant.rowId())
                    .executeUpdate();
        }
        var values = new ArrayList<Object>();
        words.forEach(word -> Collections.addAll(values, word, grant.rowId()));
        LimitedUpdate.query(
                        entities,
                        "INSERT INTO grant_word (word, grant_id) VALUES "
                                + String.join(", ", Collections.nCopies(words.size(), "(?, ?)")),
                        values.toArray())
                .executeUpdate();
    }
}
