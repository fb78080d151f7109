package dev.grantbook.administrator;

import dev.grantbook.administrator.Administrators.SignInAnswer;
import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Signs administrators in. Clients cannot tell why a sign-in failed: by name, password, lock or throttling. */
@ApplicationScoped
public class SignIn {

    @Inject
    Administrators administrators;

    @Inject
    Passwords passwords;

    @Inject
    AuditTrail trail;

    /** Returns the token of a new session; empty when the sign-in failed. */
    public Optional<Secret> enter(String name, String password, Device device) {
        return begin(device.address()).flatMap(begun -> check(begun, name, password, device));
    }

    /**
     * Counts a sign-in before its password is checked. Each of several concurrent ones counts all that are stored by
     * then, itself included, so that no more than the allowed number continue.
     */
    private Optional<String> begin(ClientAddress address) {
        if (trail.failures(address) >= AuditTrail.FAILURES_ALLOWED) {
            return Optional.empty();
        }
        String begun = trail.begin(address);
        if (trail.failures(address) > AuditTrail.FAILURES_ALLOWED) {
            trail.forget(begun);
            return Optional.empty();
        }
        return Optional.of(begun);
    }

    private Optional<Secret> check(String begun, String name, String password, Device device) {
        boolean plausible =
                name.length() <= Administrators.LONGEST_NAME && password.length() <= Administrators.LONGEST_PASSWORD;
        Optional<Administrator> known = plausible ? administrators.find(name) : Optional.empty();
        String hash = known.map(Administrator::passwordHash).orElse(null);
        // Outside a transaction: it takes a tenth of a second, too long to lock a row.
        boolean right = plausible && passwords.verify(password, hash);
        if (hash == null) {
            return Optional.empty();
        }
        SignInAnswer answer = administrators.settle(name, hash, right, device);
        if (answer instanceof SignInAnswer.Right open) {
            trail.settle(begun, AuditEventKind.SIGNED_IN, name);
            return Optional.of(open.token());
        }
        trail.settle(begun, AuditEventKind.SIGN_IN_FAILED, name);
        if (answer instanceof SignInAnswer.Locked) {
            trail.record(AuditEventKind.LOCKED, name, "", device.address());
        }
        return Optional.empty();
    }
}
