package dev.grantbook.bench;

import java.util.Locale;

/** A bound that a figure is to keep. */
record Target(String what, Bound bound, double wanted, double figure) {

    enum Bound {
        AT_LEAST,
        AT_MOST
    }

    static Target atLeast(String what, double wanted, double figure) {
        return new Target(what, Bound.AT_LEAST, wanted, figure);
    }

    static Target atMost(String what, double wanted, double figure) {
        return new Target(what, Bound.AT_MOST, wanted, figure);
    }

    /** Says no where the figure is not known. */
    boolean isReached() {
        return bound == Bound.AT_LEAST ? figure >= wanted : figure <= wanted;
    }

    String wish() {
        return String.format(Locale.ROOT, "%s %.2f", bound == Bound.AT_LEAST ? "at least" : "at most", wanted);
    }
}
