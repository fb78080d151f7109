package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.persistence.CursorText;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a list of grants. Null leaves one out.
 *
 * @param statuses only grants of these; all of {@link GrantStatus} for any
 * @param scope a scope that is granted
 * @param missingScope a scope that is not granted
 * @param askedBy with {@code missingScope}: the connectors that ask for it; null for all
 * @param text the start of a subject, account id, account name or a word of it; case does not matter
 * @param after end of the page before; null for the first page
 * @param limit 1 to 200
 */
public record GrantQuery(
        @Nullable ConnectorId connector,
        @Nullable Subject subject,
        Set<GrantStatus> statuses,
        @Nullable String scope,
        @Nullable String missingScope,
        @Nullable Set<ConnectorId> askedBy,
        @Nullable String text,
        Sort sort,
        @Nullable GrantCursor after,
        int limit) {

    /** Each order has an index. */
    public enum Sort {
        /** Latest change first. */
        UPDATED,
        /** By subject, A to Z. */
        SUBJECT
    }

    /** The last grant of a page, where the next one begins (keyset paging). */
    public record GrantCursor(Instant updatedAt, Subject subject, GrantId id) {

        static GrantCursor of(Grant grant) {
            return new GrantCursor(grant.updatedAt(), grant.subject(), grant.id());
        }

        public String cursor() {
            return CursorText.write(updatedAt, id, subject);
        }

        /** Empty for a text that is no cursor. */
        public static Optional<GrantCursor> parse(String cursor) {
            return CursorText.read(cursor, 3)
                    .flatMap(parts -> CursorText.instant(parts.get(0))
                            .flatMap(moment -> TypedId.parse(parts.get(2), Subject::new)
                                    .flatMap(subject -> TypedId.parse(parts.get(1), GrantId::new)
                                            .map(id -> new GrantCursor(moment, subject, id)))));
        }
    }
}
