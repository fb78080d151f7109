package dev.grantbook.access;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All administrators. Passwords are kept as PBKDF2 hashes. */
@ApplicationScoped
@Transactional
public class Administrators {

    /** As OWASP recommends for PBKDF2 with HMAC-SHA-512. */
    private static final Map<String, String> PBKDF2 = Map.of(
            "Pbkdf2PasswordHash.Algorithm", "PBKDF2WithHmacSHA512",
            "Pbkdf2PasswordHash.Iterations", "210000",
            "Pbkdf2PasswordHash.SaltSizeBytes", "32",
            "Pbkdf2PasswordHash.KeySizeBytes", "32");

    @PersistenceContext
    EntityManager entities;

    @Inject
    Pbkdf2PasswordHash passwords;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    /**
     * Makes sure that somebody can sign in.
     *
     * @return the password of the first administrator, when this call made both up
     */
    public Optional<Secret> ensureFirst() {
        settings.auditorPassword().ifPresent(password -> set("auditor", Role.AUDITOR, password));
        if (settings.adminPassword().isPresent()) {
            set("admin", Role.ADMIN, settings.adminPassword().get());
            return Optional.empty();
        }
        if (!all().isEmpty()) {
            return Optional.empty();
        }
        Secret password = new Secret(Secret.random(random).value().substring(0, 20));
        set("admin", Role.ADMIN, password.value());
        return Optional.of(password);
    }

    public List<Administrator> all() {
        return entities.createQuery("SELECT a FROM Administrator a ORDER BY a.name", Administrator.class)
                .getResultList();
    }

    /** Adds an administrator, or changes the password of one. */
    public void set(String name, String role, String password) {
        Administrator administrator = entities.find(Administrator.class, name);
        if (administrator == null) {
            administrator = new Administrator(name, role);
            entities.persist(administrator);
        } else if (verify(password, administrator.passwordHash())) {
            return;
        }
        passwords.initialize(PBKDF2);
        administrator.setPassword(passwords.generate(password.toCharArray()));
    }

    /** The administrator with this name and password, unless the name is locked. */
    Optional<Administrator> authenticate(String name, String password) {
        Instant now = clock.instant();
        Administrator administrator = entities.find(Administrator.class, name, LockModeType.PESSIMISTIC_WRITE);
        if (administrator == null) {
            // As slow as for a known name, so that names cannot be found out by timing.
            passwords.initialize(PBKDF2);
            passwords.generate(password.toCharArray());
            return Optional.empty();
        }
        boolean right = verify(password, administrator.passwordHash());
        if (administrator.isLocked(now)) {
            return Optional.empty();
        }
        if (!right) {
            administrator.failed(now);
            return Optional.empty();
        }
        administrator.succeeded();
        return Optional.of(administrator);
    }

    private boolean verify(String password, String hash) {
        passwords.initialize(PBKDF2);
        return passwords.verify(password.toCharArray(), hash);
    }
}
