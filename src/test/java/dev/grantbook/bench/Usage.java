package dev.grantbook.bench;

/**
 * What a process and its database have used so far; {@code NaN} is what nobody knows.
 *
 * @param cpuMillis processor time of the process
 * @param statements that its database ran
 * @param reads those of them that read a user
 * @param logLines that the process wrote
 * @param mebibytes resident memory now
 */
record Usage(double cpuMillis, double statements, double reads, double logLines, double mebibytes) {

    static final Usage UNKNOWN = new Usage(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Returns what was used since then; memory stays what it is now. */
    Usage since(Usage before) {
        return new Usage(
                cpuMillis - before.cpuMillis,
                statements - before.statements,
                reads - before.reads,
                logLines - before.logLines,
                mebibytes);
    }
}
