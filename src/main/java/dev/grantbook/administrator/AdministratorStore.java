package dev.grantbook.administrator;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/** Authenticates administrators. Clients cannot tell why a sign-in failed: by name, password, lock or throttling. */
@ApplicationScoped
public class AdministratorStore implements IdentityStore {

    @Inject
    Administrators administrators;

    @Inject
    Passwords passwords;

    @Inject
    AuditTrail trail;

    @Inject
    Settings settings;

    @Inject
    HttpServletRequest request;

    @Override
    public CredentialValidationResult validate(Credential credential) {
        if (!(credential instanceof UsernamePasswordCredential typed)) {
            return CredentialValidationResult.NOT_VALIDATED_RESULT;
        }
        return authenticate(typed.getCaller(), typed.getPasswordAsString())
                .map(found -> new CredentialValidationResult(found.name(), Set.of(found.role())))
                .orElse(CredentialValidationResult.INVALID_RESULT);
    }

    private Optional<Administrator> authenticate(String name, String password) {
        ClientAddress address = ClientAddress.of(request, settings.trustedProxies());
        Optional<String> begun = begin(address);
        return begun.isEmpty() ? Optional.empty() : check(begun.get(), name, password, address);
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

    private Optional<Administrator> check(String begun, String name, String password, ClientAddress address) {
        boolean plausible =
                name.length() <= Administrators.LONGEST_NAME && password.length() <= Administrators.LONGEST_PASSWORD;
        Optional<Administrator> known = plausible ? administrators.find(name) : Optional.empty();
        String hash = known.map(Administrator::passwordHash).orElse(null);
        // Outside a transaction: it takes a tenth of a second, too long to lock a row.
        boolean right = plausible && passwords.verify(password, hash);
        if (hash == null) {
            return Optional.empty();
        }
        return switch (administrators.settle(name, hash, right)) {
            case RIGHT -> {
                trail.settle(begun, AuditEventKind.SIGNED_IN, name);
                yield administrators.find(name);
            }
            case WRONG -> {
                trail.settle(begun, AuditEventKind.SIGN_IN_FAILED, name);
                yield Optional.empty();
            }
            case LOCKED -> {
                trail.settle(begun, AuditEventKind.SIGN_IN_FAILED, name);
                trail.record(AuditEventKind.LOCKED, name, "", address);
                yield Optional.empty();
            }
        };
    }
}
