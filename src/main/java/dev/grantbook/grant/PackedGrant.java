package dev.grantbook.grant;

import com.github.benmanes.caffeine.cache.Interner;
import dev.grantbook.grant.Packing.Columns;
import dev.grantbook.grant.Packing.Kind;
import dev.grantbook.grant.Packing.Packer;
import dev.grantbook.grant.Packing.Unpacker;
import dev.grantbook.id.Subject;
import java.sql.ResultSet;

/**
 * A grant in as few bytes as may be, to keep many of them in memory; its tokens stay sealed. What it shares with others
 * is there once, what is its own is one array, and its subject is left to the one who keeps it.
 */
public final class PackedGrant {

    /** The columns that a grant is read from. */
    public static final String COLUMNS = "subject, "
            // A kind's.
            + "connector, granted, granted_set, token_type, "
            // In the order of Grant.pack.
            + "id, account_id, account_name, installation_id, installation_name, status, "
            + "access_token, refresh_token, expires_at, lifetime, refreshed_at, refresh_failures, retry_at, "
            + "lease_owner, lease_until, "
            + "confirm_by, confirm_code_hash, confirm_tries, verified_at, refreshable, probed_at, reason, used_at, "
            + "created_at, updated_at, version";

    /** Bytes of this object. */
    private static final int ITSELF = 24;

    /** Bytes of an array before its elements; all objects take multiples of 8. */
    private static final int HEADER = 16;

    /** The kinds of all packed grants. */
    private static final Interner<Kind> KINDS = Interner.newWeakInterner();

    private final Kind kind;
    private final byte[] own;

    private PackedGrant(Kind kind, byte[] own) {
        this.kind = kind;
        this.own = own;
    }

    private static PackedGrant of(Kind kind, Grant grant) {
        var own = new Packer();
        grant.pack(own);
        return new PackedGrant(KINDS.intern(kind), own.toBytes());
    }

    /** A grant of the database. */
    public record OfSubject(Subject subject, PackedGrant grant) {

        /** @param row of the {@link #COLUMNS} */
        public static OfSubject read(ResultSet row) {
            var columns = new Columns(row);
            var subject = new Subject(columns.text(""));
            var kind = new Kind(columns.text(""), columns.text(""), columns.text(""), columns.text(""));
            return new OfSubject(subject, of(kind, new Grant(kind, subject, columns)));
        }
    }

    /** @param subject the one that it was packed with */
    public Grant unpack(Subject subject) {
        return new Grant(kind, subject, new Unpacker(own));
    }

    /** Bytes of memory that it takes, beside what it shares. */
    public int weight() {
        return ITSELF + (HEADER + own.length + 7) / 8 * 8;
    }
}
