package dev.grantbook.connector;

/**
 * What one room has kept for long enough. Every room that keeps something of chat users has one of these, so that
 * nothing stays for ever because nobody asked for it to be erased.
 */
public interface RetentionRule {

    /**
     * Forgets a few rows, in a transaction of its own. Any number of nodes may do it at once.
     *
     * @param connector whose; it may be declared no more
     * @return how many rows are gone; 0 when there is nothing left to do, or others are doing it
     */
    int drop(String connector, RetentionPeriods retention);
}
