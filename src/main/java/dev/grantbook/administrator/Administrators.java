package dev.grantbook.administrator;

import dev.grantbook.administrator.AdministrationRefused.RefusalReason;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.FaultLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** All administrators. Passwords are stored as PBKDF2 hashes. */
@ApplicationScoped
@Transactional
public class Administrators {

    private static final Logger LOG = Logger.getLogger(Administrators.class.getName());

    /** In characters. */
    public static final int SHORTEST_PASSWORD = 12;

    /** In characters. */
    public static final int LONGEST_PASSWORD = 200;

    /** In characters. */
    public static final int LONGEST_NAME = 100;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Passwords passwords;

    @Inject
    ConsoleSessions sessions;

    @Inject
    Clock clock;

    @Inject
    Settings settings;

    /** Result of a checked password. */
    sealed interface SignInAnswer {

        /** @param token of the session that was opened */
        record Right(Secret token) implements SignInAnswer {}

        record Wrong() implements SignInAnswer {}

        /** Wrong, and the name is locked now. */
        record Locked() implements SignInAnswer {}
    }

    /** Makes sure that an administrator can sign in; returns the password of the first one if this call created it. */
    public Optional<Secret> ensureFirst() {
        settings.passwords().auditor().ifPresent(password -> set("auditor", Role.AUDITOR, password));
        if (settings.passwords().admin().isPresent()) {
            set("admin", Role.ADMIN, settings.passwords().admin().get());
            return Optional.empty();
        }
        if (all().stream().anyMatch(administrator -> administrator.role().equals(Role.ADMIN))) {
            return Optional.empty();
        }
        Secret password = passwords.fresh();
        set("admin", Role.ADMIN, password.value());
        return Optional.of(password);
    }

    public List<Administrator> all() {
        return entities.createQuery("SELECT a FROM Administrator a ORDER BY a.name", Administrator.class)
                .getResultList();
    }

    public Optional<Administrator> find(String name) {
        return Optional.ofNullable(entities.find(Administrator.class, name));
    }

    /**
     * Returns the new administrator's password, which is not available again.
     *
     * @throws AdministrationRefused when the name is taken
     */
    public Secret add(String name, String role) {
        if (find(name).isPresent()) {
            throw new AdministrationRefused(RefusalReason.NAME_TAKEN);
        }
        Secret password = passwords.fresh();
        make(name, role, password.value());
        try {
            entities.flush();
        } catch (PersistenceException e) {
            // Unless something else is wrong, the same name was added at the same moment.
            FaultLog.write(LOG, Level.WARNING, "an administrator was not added", e);
            throw new AdministrationRefused(RefusalReason.NAME_TAKEN);
        }
        return password;
    }

    /**
     * Generates a new password and ends the sessions of the old one.
     *
     * @throws AdministrationRefused when the name is unknown
     */
    public Secret renewPassword(String name) {
        Administrator administrator = lock(name);
        Secret password = passwords.fresh();
        administrator.setPassword(passwords.hash(password.value()));
        sessions.endAll(name, "");
        return password;
    }

    /**
     * Changes one's own password, and ends one's other sessions; returns the new token of this one.
     *
     * @throws AdministrationRefused when the old password is wrong; that counts like a failed sign-in
     */
    @Transactional(dontRollbackOn = AdministrationRefused.class)
    public Secret changePassword(SignedIn oneself, String oldPassword, String newPassword) {
        Administrator administrator = lock(oneself.name());
        Instant now = clock.instant();
        boolean right = passwords.verify(oldPassword, administrator.passwordHash());
        if (administrator.isLocked(now) || !right) {
            if (!administrator.isLocked(now)) {
                administrator.recordFailure(now);
            }
            throw new AdministrationRefused(RefusalReason.WRONG_PASSWORD);
        }
        administrator.setPassword(passwords.hash(newPassword));
        sessions.endAll(oneself.name(), oneself.session());
        return sessions.renew(oneself.session());
    }

    /**
     * @param by administrator who asks for it
     * @throws AdministrationRefused for oneself, for the last one with the role admin, and for an unknown name
     */
    public void remove(String name, String by) {
        if (name.equals(by)) {
            throw new AdministrationRefused(RefusalReason.ONESELF);
        }
        // Locks all of them, in one order, so that two who remove each other do not both succeed.
        List<Administrator> admins = entities.createQuery(
                        "SELECT a FROM Administrator a WHERE a.role = :role ORDER BY a.name", Administrator.class)
                .setParameter("role", Role.ADMIN)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        Administrator administrator = lock(name);
        if (admins.size() == 1 && admins.contains(administrator)) {
            throw new AdministrationRefused(RefusalReason.LAST_ADMIN);
        }
        entities.remove(administrator);
    }

    /**
     * Records whether a password matched the hash, and opens a session if it did. A locked name stays locked, even with
     * the right password.
     */
    SignInAnswer settle(String name, String hash, boolean right, Device device) {
        Administrator administrator = entities.find(Administrator.class, name, LockModeType.PESSIMISTIC_WRITE);
        Instant now = clock.instant();
        if (administrator == null || administrator.isLocked(now)) {
            return new SignInAnswer.Wrong();
        }
        if (right && administrator.passwordHash().equals(hash)) {
            administrator.recordSuccess();
            return new SignInAnswer.Right(sessions.open(name, device));
        }
        return administrator.recordFailure(now) ? new SignInAnswer.Locked() : new SignInAnswer.Wrong();
    }

    private void make(String name, String role, String password) {
        var administrator = new Administrator(name, role);
        administrator.setPassword(passwords.hash(password));
        entities.persist(administrator);
    }

    private void set(String name, String role, String password) {
        Administrator administrator = entities.find(Administrator.class, name);
        if (administrator == null) {
            make(name, role, password);
            return;
        }
        administrator.setRole(role);
        // The same password must not end sessions at every start.
        if (!passwords.verify(password, administrator.passwordHash())) {
            administrator.setPassword(passwords.hash(password));
            sessions.endAll(name, "");
        }
    }

    private Administrator lock(String name) {
        Administrator administrator = entities.find(Administrator.class, name, LockModeType.PESSIMISTIC_WRITE);
        if (administrator == null) {
            throw new AdministrationRefused(RefusalReason.UNKNOWN);
        }
        return administrator;
    }
}
