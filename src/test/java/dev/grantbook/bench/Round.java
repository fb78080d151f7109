package dev.grantbook.bench;

/** What one round of a trial has shown. */
record Round(Load load, Usage usage) {

    double each(double used) {
        return used / load.count();
    }
}
