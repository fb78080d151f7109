package dev.grantbook.console;

import dev.grantbook.administrator.ConsoleSessions;
import dev.grantbook.administrator.SignedIn;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.RecordJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Notices for the next page of a session, each shown once: every form ends in a redirect, so that reloading sends
 * nothing again.
 */
@ApplicationScoped
public class Notes {

    @Inject
    ConsoleSessions sessions;

    @Inject
    HttpServletRequest request;

    /**
     * A notice.
     *
     * @param kind {@code works} or {@code alert}
     * @param code to copy; empty without one
     */
    public record Note(String kind, String text, String code) {

        static Note read(String line) {
            JsonObject json = Json.readObject(line);
            return new Note(json.getString("kind"), json.getString("text"), json.getString("code"));
        }

        /** Redacts the code, which may be a password. */
        @Override
        public String toString() {
            return "Note[" + kind + "]";
        }
    }

    void add(Note note) {
        SignedIn.of(request)
                .ifPresent(caller -> sessions.addNote(
                        caller.session(), RecordJson.write(note).toString()));
    }

    List<Note> take() {
        return SignedIn.of(request)
                .filter(SignedIn::hasNotes)
                .map(caller -> sessions.takeNotes(caller.session()).stream()
                        .map(Note::read)
                        .toList())
                .orElse(List.of());
    }
}
