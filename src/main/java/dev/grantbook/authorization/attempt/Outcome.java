package dev.grantbook.authorization.attempt;

import dev.grantbook.platform.config.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Outcome pages that show no attempt; that of an attempt is at its id. */
public enum Outcome {
    /** The link or the attempt is over, or used. */
    LINK_ENDED,
    /** No attempt has the state: a provider's own "install" button, an old bookmark, a forgery. */
    UNKNOWN,
    /** Another browser started this. */
    ELSEWHERE,
    /** The connector is no longer open. */
    CLOSED;

    /** The last part of the page's address: {@code link-ended}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Outcome> of(String slug) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.slug().equals(slug))
                .findFirst();
    }

    public URI page(Settings settings) {
        return settings.publicUrl("/outcome/" + slug());
    }

    public static URI page(Settings settings, Attempt attempt) {
        return settings.publicUrl("/outcome/" + attempt.id());
    }
}
