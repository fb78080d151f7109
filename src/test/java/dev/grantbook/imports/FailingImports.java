package dev.grantbook.imports;

import dev.grantbook.oauth.TokenResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.persistence.PersistenceException;
import java.util.Optional;

/** Imports whose storage fails as a test wants. */
@ApplicationScoped
@Typed(FailingImports.class)
public class FailingImports extends Imports {

    private String stuck = "";
    private int failures;

    /** Items of this provider cannot be taken. */
    void stickAt(String provider) {
        stuck = provider;
    }

    /** Tokens cannot be replaced as often as that. */
    void failReplacing(int times) {
        failures = times;
    }

    @Override
    Optional<ImportItem> take(String provider) {
        if (provider.equals(stuck)) {
            throw new IllegalStateException("as the test wants");
        }
        return super.take(provider);
    }

    @Override
    void replace(ImportItem taken, TokenResponse token) {
        if (failures-- > 0) {
            throw new PersistenceException("as the test wants");
        }
        super.replace(taken, token);
    }
}
