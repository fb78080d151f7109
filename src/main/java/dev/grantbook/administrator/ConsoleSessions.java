package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.Settings.SessionSettings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.vault.Vault;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sessions of all administrators, on any node. A token is looked up by its hash, so timing reveals nothing. */
@ApplicationScoped
@Transactional
public class ConsoleSessions {

    /** Requests within this time are one use: not each of them writes. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Notes of a session that wait for its next page; more replace the oldest. */
    private static final int MOST_NOTES = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Jobs jobs;

    /** End of a page of the list. */
    public record SessionCursor(Instant createdAt, String id) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.SESSION_RETENTION, this::deleteEnded);
    }

    /** Opens a session; call it in the transaction that has locked the administrator. */
    Secret open(String administrator, Device device) {
        Secret token = Secret.random(random);
        String id = UUID.randomUUID().toString();
        entities.persist(new ConsoleSession(id, token.hash(), administrator, device, clock.instant()));
        return token;
    }

    /** Finds who is signed in, with the role that they have now, and records the use. */
    public Optional<SignedIn> find(Secret token) {
        Instant now = clock.instant();
        return entities.createQuery(
                        "SELECT s, a.role FROM ConsoleSession s, Administrator a"
                                + " WHERE s.tokenHash = :hash AND a.name = s.administrator",
                        Object[].class)
                .setParameter("hash", token.hash())
                .getResultStream()
                .filter(row -> ((ConsoleSession) row[0]).isOpen(now, settings.sessions()))
                .map(row -> recordUse((ConsoleSession) row[0], (String) row[1], token, now))
                .findFirst();
    }

    private SignedIn recordUse(ConsoleSession session, String role, Secret token, Instant now) {
        if (!session.usedAt().plus(pace()).isAfter(now)) {
            entities.createQuery("UPDATE ConsoleSession s SET s.usedAt = :now WHERE s.id = :id AND s.usedAt < :now")
                    .setParameter("now", now)
                    .setParameter("id", session.id())
                    .executeUpdate();
        }
        return new SignedIn(
                session.id(), session.administrator(), role, SignedIn.formToken(token), session.notes() != null);
    }

    /** A session in use must not end because its use was not written yet. */
    private Duration pace() {
        Duration part = settings.sessions().idle().dividedBy(10);
        return part.compareTo(MINUTE) < 0 ? part : MINUTE;
    }

    /** Gives a session another token; the one before no longer works. */
    Secret renew(String id) {
        Secret token = Secret.random(random);
        entities.createQuery("UPDATE ConsoleSession s SET s.tokenHash = :hash WHERE s.id = :id")
                .setParameter("hash", token.hash())
                .setParameter("id", id)
                .executeUpdate();
        return token;
    }

    /** Ends the session of a token, if it has one. */
    public void end(Secret token) {
        entities.createQuery("DELETE FROM ConsoleSession s WHERE s.tokenHash = :hash")
                .setParameter("hash", token.hash())
                .executeUpdate();
    }

    /** Ends a session; returns whose it was, and nothing when it had ended before. */
    public Optional<String> end(String id) {
        ConsoleSession session = entities.find(ConsoleSession.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (session == null) {
            return Optional.empty();
        }
        entities.remove(session);
        return Optional.of(session.administrator());
    }

    /**
     * Ends an administrator's sessions, and returns how many.
     *
     * @param kept id of the one that stays; empty for none
     */
    public int endAll(String administrator, String kept) {
        return entities.createQuery("DELETE FROM ConsoleSession s WHERE s.administrator = :name AND s.id <> :kept")
                .setParameter("name", administrator)
                .setParameter("kept", kept)
                .executeUpdate();
    }

    public Optional<ConsoleSession> get(String id) {
        return Optional.ofNullable(entities.find(ConsoleSession.class, id));
    }

    /**
     * Returns open sessions after a cursor, the latest first.
     *
     * @param administrator whose; null for everybody's
     * @param after null for the beginning
     */
    public List<ConsoleSession> page(@Nullable String administrator, @Nullable SessionCursor after, int limit) {
        Instant now = clock.instant();
        SessionSettings limits = settings.sessions();
        var select = entities.createQuery(
                        "SELECT s FROM ConsoleSession s WHERE s.usedAt > :used AND s.createdAt > :created"
                                + (administrator == null ? "" : " AND s.administrator = :name")
                                + (after == null ? "" : " AND s.createdAt <= :at AND (s.createdAt < :at OR s.id > :id)")
                                + " ORDER BY s.createdAt DESC, s.id",
                        ConsoleSession.class)
                .setParameter("used", now.minus(limits.idle()))
                .setParameter("created", now.minus(limits.lifetime()));
        if (administrator != null) {
            select.setParameter("name", administrator);
        }
        if (after != null) {
            select.setParameter("at", after.createdAt()).setParameter("id", after.id());
        }
        return select.setMaxResults(limit).getResultList();
    }

    /** Keeps a note, of one line, for the session's next page. */
    public void addNote(String id, String note) {
        lock(id).ifPresent(session -> {
            List<String> notes = new ArrayList<>(open(session));
            notes.add(note);
            String text = String.join("\n", notes.subList(Math.max(0, notes.size() - MOST_NOTES), notes.size()));
            session.setNotes(vault.seal(text, ConsoleSession.notesAssociatedData(id)));
        });
    }

    /** Returns the notes, once. */
    public List<String> takeNotes(String id) {
        return lock(id).map(session -> {
                    List<String> notes = open(session);
                    session.setNotes(null);
                    return notes;
                })
                .orElse(List.of());
    }

    private Optional<ConsoleSession> lock(String id) {
        return Optional.ofNullable(entities.find(ConsoleSession.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    private List<String> open(ConsoleSession session) {
        return session.notes() == null
                ? List.of()
                : vault.open(session.notes(), ConsoleSession.notesAssociatedData(session.id()))
                        .lines()
                        .toList();
    }

    /** Deletes sessions whose time is over; safe on any node at any time. */
    public int deleteEnded() {
        Instant now = clock.instant();
        SessionSettings limits = settings.sessions();
        return entities.createQuery("DELETE FROM ConsoleSession s WHERE s.usedAt <= :used OR s.createdAt <= :created")
                .setParameter("used", now.minus(limits.idle()))
                .setParameter("created", now.minus(limits.lifetime()))
                .executeUpdate();
    }
}
