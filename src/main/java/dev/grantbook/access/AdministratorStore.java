package dev.grantbook.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** Tells the server's security who an administrator is. */
@ApplicationScoped
public class AdministratorStore implements IdentityStore {

    @Inject
    Administrators administrators;

    @Override
    public CredentialValidationResult validate(Credential credential) {
        if (!(credential instanceof UsernamePasswordCredential typed)) {
            return CredentialValidationResult.NOT_VALIDATED_RESULT;
        }
        return administrators
                .authenticate(typed.getCaller(), typed.getPasswordAsString())
                .map(found -> new CredentialValidationResult(found.name(), Set.of(found.role())))
                .orElse(CredentialValidationResult.INVALID_RESULT);
    }
}
