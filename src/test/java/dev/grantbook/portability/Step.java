package dev.grantbook.portability;

/** What is tried on every server. */
record Step(String name, Action action) {

    interface Action {
        void take() throws Exception;
    }
}
