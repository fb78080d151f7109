package dev.grantbook.grant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.SealedConverter;
import jakarta.persistence.PersistenceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the values of a row one after the other, so that the row names each once: a {@link Packer} writes those
 * that it is given into few bytes, an {@link Unpacker} returns them, and {@link Columns} return those of the database.
 */
abstract sealed class Packing {

    /** What many grants have in common, as the columns have it. */
    record Kind(String connector, String granted, String grantedSet, String tokenType) {

        private static final int REMEMBERED = 10_000;

        /** Few combinations are read again and again. */
        private static final LoadingCache<String, Scopes> PARSED = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .executor(Runnable::run)
                .build(text -> Scopes.parse(text, ' '));

        Scopes scopes() {
            return PARSED.get(granted);
        }
    }

    abstract long number(long value);

    abstract boolean flag(boolean value);

    @Nullable
    abstract Long optional(@Nullable Long value);

    /** To the microsecond, as the database has it. */
    @Nullable
    abstract Instant optional(@Nullable Instant value);

    @Nullable
    abstract String optional(@Nullable String value);

    @Nullable
    abstract Sealed optional(@Nullable Sealed value);

    /** @param all constants of the type */
    @Nullable
    abstract <E extends Enum<E>> E optional(@Nullable E value, E[] all);

    /** @param usual takes no room when the value is the same */
    @Nullable
    abstract String optional(@Nullable String value, @Nullable String usual);

    final int number(int value) {
        return (int) number((long) value);
    }

    final Instant instant(Instant value) {
        return Objects.requireNonNull(optional(value));
    }

    final String text(String value) {
        return Objects.requireNonNull(optional(value));
    }

    final String text(String value, String usual) {
        return Objects.requireNonNull(optional(value, usual));
    }

    final <E extends Enum<E>> E constant(E value, E[] all) {
        return Objects.requireNonNull(optional(value, all));
    }

    /** All as numbers and bytes. */
    private abstract static sealed class InBytes extends Packing {

        /** Of a microsecond. */
        private static final int NANOS = 1000;

        abstract byte @Nullable [] bytes(byte @Nullable [] value);

        @Override
        final boolean flag(boolean value) {
            return number(value ? 1 : 0) == 1;
        }

        /** Zero stands for null, so that what is not negative is greater by one. */
        @Override
        final @Nullable Long optional(@Nullable Long value) {
            long number = number(value == null ? 0 : value < 0 ? value : value + 1);
            return number == 0 ? null : Long.valueOf(number < 0 ? number : number - 1);
        }

        @Override
        final @Nullable Instant optional(@Nullable Instant value) {
            Long seconds = optional(value == null ? null : Long.valueOf(value.getEpochSecond()));
            if (seconds == null) {
                return null;
            }
            int micros = number(value == null ? 0 : value.getNano() / NANOS);
            return Instant.ofEpochSecond(seconds, (long) micros * NANOS);
        }

        @Override
        final @Nullable String optional(@Nullable String value) {
            byte[] bytes = bytes(value == null ? null : value.getBytes(UTF_8));
            return bytes == null ? null : new String(bytes, UTF_8);
        }

        @Override
        final @Nullable Sealed optional(@Nullable Sealed value) {
            byte[] bytes = bytes(value == null ? null : value.toBytes());
            return bytes == null ? null : Sealed.fromBytes(bytes);
        }

        @Override
        final <E extends Enum<E>> @Nullable E optional(@Nullable E value, E[] all) {
            int place = number(Arrays.asList(all).indexOf(value));
            return place < 0 ? null : all[place];
        }

        @Override
        final @Nullable String optional(@Nullable String value, @Nullable String usual) {
            return flag(Objects.equals(value, usual)) ? usual : optional(value);
        }
    }

    /** Writes numbers with seven bits a byte, the sign as the last bit, and texts after their length. */
    static final class Packer extends InBytes {

        private static final int LONGEST_NUMBER = 10;

        private byte[] packed = new byte[512];
        private int length;

        byte[] toBytes() {
            return Arrays.copyOf(packed, length);
        }

        @Override
        long number(long value) {
            reserve(LONGEST_NUMBER);
            long rest = value << 1 ^ value >> 63;
            while ((rest & ~0x7f) != 0) {
                packed[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            packed[length++] = (byte) rest;
            return value;
        }

        @Override
        byte @Nullable [] bytes(byte @Nullable [] value) {
            number(value == null ? -1 : value.length);
            if (value != null) {
                reserve(value.length);
                System.arraycopy(value, 0, packed, length, value.length);
                length += value.length;
            }
            return value;
        }

        private void reserve(int more) {
            if (packed.length < length + more) {
                packed = Arrays.copyOf(packed, 2 * length + more);
            }
        }
    }

    /** Reads what a {@link Packer} wrote; the values that it is given do not count. */
    static final class Unpacker extends InBytes {

        private final byte[] packed;
        private int position;

        Unpacker(byte[] packed) {
            this.packed = packed;
        }

        @Override
        long number(long value) {
            long read = 0;
            byte next;
            int shift = 0;
            do {
                next = packed[position++];
                read |= (long) (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            return read >>> 1 ^ -(read & 1);
        }

        @Override
        byte @Nullable [] bytes(byte @Nullable [] value) {
            int size = number(0);
            if (size < 0) {
                return null;
            }
            position += size;
            return Arrays.copyOfRange(packed, position - size, position);
        }
    }

    /** Reads columns, from the left to the right; the values that it is given do not count. */
    static final class Columns extends Packing {

        private static final SealedConverter SEALED = new SealedConverter();

        private interface Getter<T> {

            @Nullable
            T get(int column) throws SQLException;
        }

        private final ResultSet row;
        private int column;

        Columns(ResultSet row) {
            this.row = row;
        }

        private <T> @Nullable T next(Getter<T> getter) {
            try {
                return getter.get(++column);
            } catch (SQLException e) {
                throw new PersistenceException("a grant cannot be read", e);
            }
        }

        @Override
        long number(long value) {
            return Objects.requireNonNull(next(row::getLong));
        }

        @Override
        boolean flag(boolean value) {
            return Objects.requireNonNull(next(row::getBoolean));
        }

        @Override
        @Nullable
        Long optional(@Nullable Long value) {
            return next(at -> row.getObject(at, Long.class));
        }

        @Override
        @Nullable
        Instant optional(@Nullable Instant value) {
            OffsetDateTime time = next(at -> row.getObject(at, OffsetDateTime.class));
            return time == null ? null : time.toInstant();
        }

        @Override
        @Nullable
        String optional(@Nullable String value) {
            return next(row::getString);
        }

        @Override
        @Nullable
        Sealed optional(@Nullable Sealed value) {
            return SEALED.convertToEntityAttribute(next(row::getString));
        }

        @Override
        <E extends Enum<E>> @Nullable E optional(@Nullable E value, E[] all) {
            String name = next(row::getString);
            return name == null ? null : Enum.valueOf(all[0].getDeclaringClass(), name);
        }

        @Override
        @Nullable
        String optional(@Nullable String value, @Nullable String usual) {
            return next(row::getString);
        }
    }
}
