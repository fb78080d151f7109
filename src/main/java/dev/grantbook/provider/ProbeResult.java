package dev.grantbook.provider;

import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.oauth.Scopes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about a token.
 *
 * @param failure why the token was refused; null when it lives
 * @param scopes what it may do now, in the provider's names; null when unknown
 */
public record ProbeResult(
        @Nullable ApiFailure failure, @Nullable Scopes scopes) {

    static ProbeResult alive(@Nullable Scopes scopes) {
        return new ProbeResult(null, scopes);
    }

    static ProbeResult refuse(ApiFailure failure) {
        return new ProbeResult(failure, null);
    }

    /** Neither a proof that the token lives nor that it is dead: there is no endpoint to ask. */
    static ProbeResult unasked() {
        return refuse(new ApiFailure(ApiFailure.Meaning.UNKNOWN, Scopes.NONE));
    }

    static ProbeResult dead() {
        return refuse(new ApiFailure(ApiFailure.Meaning.DEAD, Scopes.NONE));
    }

    /** A meaning of {@link ApiFailure.Meaning} in lower case, or {@code alive}. */
    String outcome() {
        return failure == null ? "alive" : failure.meaning().name().toLowerCase(Locale.ROOT);
    }

    public boolean isDead() {
        return failure != null && failure.meaning() == ApiFailure.Meaning.DEAD;
    }
}
