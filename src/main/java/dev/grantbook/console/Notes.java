package dev.grantbook.console;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Notices for the next page, each shown once: every form ends in a redirect, so that reloading sends nothing again. */
@SessionScoped
public class Notes implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<Note> waiting = new ArrayList<>();

    /**
     * A notice.
     *
     * @param kind {@code works} or {@code alert}
     * @param code to copy; empty without one
     */
    public record Note(String kind, String text, String code) implements Serializable {}

    synchronized void add(Note note) {
        waiting.add(note);
    }

    synchronized List<Note> take() {
        List<Note> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
