package dev.grantbook.connector;

import dev.grantbook.id.ConnectorId;

/** Deletes old data of one room. Each room that stores data of chat users has one, so that nothing stays for ever. */
public interface RetentionRule {

    /**
     * Deletes a few rows, in a transaction of its own, on any number of nodes at once.
     *
     * @param connector may be no longer declared
     * @return number of deleted rows; 0 when none is left, or others are deleting them
     */
    int drop(ConnectorId connector, RetentionPeriods retention);
}
