package dev.grantbook.platform.changes;

/**
 * A committed change of a row.
 *
 * @param table name of the table
 * @param key what the table's trigger says of the row, never a secret
 */
public record RowChange(String table, String key) {

    /** Reads what a trigger sent: the table, a space and the key. */
    static RowChange parse(String payload) {
        int space = payload.indexOf(' ');
        return space < 0
                ? new RowChange(payload, "")
                : new RowChange(payload.substring(0, space), payload.substring(space + 1));
    }
}
