package dev.grantbook.revocation;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the provider of a grant knows of its end. */
public enum ProviderNotice {
    /** It was told, and has confirmed. */
    CONFIRMED,
    /** The end began there. */
    ENDED_THERE,
    /** It is being told. */
    PENDING,
    /** It was not told, since another grant lives that would end too. */
    SHARED,
    /** It was not told, and will not be: a token that somebody else has may go on working. */
    UNNOTIFIED;

    private static final Set<GrantEventKind> AFTER_AN_END = EnumSet.of(
            GrantEventKind.PROVIDER_NOTIFIED,
            GrantEventKind.PROVIDER_NOT_NOTIFIED,
            GrantEventKind.ERASED,
            GrantEventKind.REFUSED);

    /** The part of the text keys: {@code unnotified}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads it from what was written down since the grant ended. One token of several that lives on is enough for
     * {@link #UNNOTIFIED}.
     *
     * @param history latest first
     */
    static ProviderNotice of(List<GrantEvent> history) {
        List<GrantEvent> since = history.stream()
                .takeWhile(event -> AFTER_AN_END.contains(event.kind()))
                .filter(event -> event.kind() == GrantEventKind.PROVIDER_NOTIFIED
                        || event.kind() == GrantEventKind.PROVIDER_NOT_NOTIFIED)
                .toList();
        boolean told =
                !since.isEmpty() && since.stream().allMatch(event -> event.kind() == GrantEventKind.PROVIDER_NOTIFIED);
        boolean shared = since.stream()
                .filter(event -> event.kind() == GrantEventKind.PROVIDER_NOT_NOTIFIED)
                .allMatch(event -> event.reason() == EndReason.STILL_USED);
        return told ? CONFIRMED : !since.isEmpty() && shared ? SHARED : UNNOTIFIED;
    }
}
