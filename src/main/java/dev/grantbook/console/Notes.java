package dev.grantbook.console;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the next page has to tell: every form leads to a page by a redirect, so that reloading it sends nothing again.
 * Kept until it is told, once.
 */
@SessionScoped
public class Notes implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<Note> waiting = new ArrayList<>();

    /**
     * One thing to tell.
     *
     * @param kind {@code works} or {@code alert}
     * @param code something to copy; empty for nothing
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
