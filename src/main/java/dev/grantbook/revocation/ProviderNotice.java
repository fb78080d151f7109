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
    /** It has confirmed the revocation. */
    CONFIRMED,
    /** The end began there. */
    ENDED_THERE,
    /** It will be notified. */
    PENDING,
    /** It is not notified, since that would end another grant. */
    SHARED,
    /** It is not notified, so that copies of a token may still work. */
    UNNOTIFIED;

    private static final Set<GrantEventKind> AFTER_AN_END = EnumSet.of(
            GrantEventKind.PROVIDER_NOTIFIED,
            GrantEventKind.PROVIDER_NOT_NOTIFIED,
            GrantEventKind.ERASED,
            GrantEventKind.REFUSED);

    /** Part of text keys: {@code ended-there}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads the events since the grant's end; one token that is not revoked makes it {@link #UNNOTIFIED}.
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
