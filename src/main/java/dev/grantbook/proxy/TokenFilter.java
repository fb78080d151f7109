package dev.grantbook.proxy;

import dev.grantbook.catalogue.ProxyRules;
import dev.grantbook.oauth.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replaces tokens in a reply as it arrives, in clear or escaped as in addresses, JSON and HTML. Holds back only what
 * may be part of a token.
 *
 * <p>Takes for a token: the token of the call, the value of a name in {@link ProxyRules}, and what begins with one of
 * its prefixes.
 */
final class TokenFilter extends InputStream {

    private static final byte[] REPLACEMENT = "redacted".getBytes(StandardCharsets.US_ASCII);

    /** Least characters that follow a prefix in a token; the tokens of all providers are longer. */
    private static final int LEAST = 30;

    /** Most levels of escapes that are decoded. */
    private static final int ESCAPES = 8;

    /** Most white space on one side of a colon or an equals sign, since all of it is held back. */
    private static final int WIDEST = 64;

    private static final int NO = -1;
    private static final int MORE = -2;

    private enum Skipping {
        NOTHING,
        /** Until a character that no token has. */
        BARE,
        /** Until the quotation mark. */
        QUOTED
    }

    private final InputStream in;
    private final List<byte[]> tokens = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private final List<byte[]> prefixes = new ArrayList<>();

    /** Bytes with which a token, a name or an escape may begin. */
    private final boolean[] begins = new boolean[256];

    private byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;
    private boolean ended;
    private Skipping skipping = Skipping.NOTHING;
    private boolean withinWord;

    private byte[] out = new byte[16 * 1024];
    private int outFrom;
    private int outTo;

    /** Character that {@link #decode} found, and start of the next one. */
    private int character;

    private int next;

    /** Whether the value that {@link #matchName} found is in quotation marks. */
    private boolean quoted;

    private TokenFilter(InputStream in, List<Secret> shown, ProxyRules rules) {
        this.in = in;
        shown.stream().map(Secret::value).forEach(token -> add(tokens, token));
        rules.names().forEach(name -> add(names, name));
        rules.prefixes().forEach(prefix -> add(prefixes, prefix));
        begins['\\'] = true;
        begins['%'] = true;
        begins['&'] = true;
    }

    /** @param shown the tokens of the call */
    static InputStream of(InputStream in, List<Secret> shown, ProxyRules rules) {
        return new TokenFilter(in, shown, rules);
    }

    static String redact(String text, List<Secret> shown, ProxyRules rules) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (InputStream filtered = of(new ByteArrayInputStream(bytes), shown, rules)) {
            return new String(filtered.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(List<byte[]> list, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            list.add(bytes);
            begins[bytes[0] & 0xff] = true;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (outFrom == outTo && !(ended && from == to)) {
            outFrom = 0;
            outTo = 0;
            if (!ended) {
                fill();
            }
            filter();
        }
        int count = Math.min(length, outTo - outFrom);
        if (count == 0) {
            return -1;
        }
        System.arraycopy(out, outFrom, target, offset, count);
        outFrom += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, to, buffer.length - to);
        ended = read < 0;
        to += Math.max(read, 0);
    }

    /** Writes as far as the bytes at hand decide. */
    private void filter() {
        boolean decided = true;
        while (decided && from < to) {
            if (skipping != Skipping.NOTHING) {
                decided = skip();
            } else if (begins[buffer[from] & 0xff]) {
                decided = pass();
            } else {
                write(1);
            }
        }
    }

    private boolean skip() {
        if (!decode(from)) {
            return false;
        }
        // An escaped control character is part of the quoted value.
        boolean over =
                skipping == Skipping.BARE ? !isOfToken(character) : character == '"' || (buffer[from] & 0xff) < ' ';
        if (over) {
            skipping = Skipping.NOTHING;
            withinWord = false;
        } else {
            from = next;
        }
        return true;
    }

    /** Returns false when more bytes are needed. */
    private boolean pass() {
        int end = token(from);
        if (end > NO) {
            replace(end, Skipping.NOTHING);
            return true;
        }
        if (end == NO && !withinWord) {
            end = matchPrefix();
            if (end > NO) {
                replace(end, Skipping.BARE);
                return true;
            }
        }
        if (end == NO && !withinWord) {
            end = matchName();
            if (end > NO) {
                write(end - from);
                replace(end, quoted ? Skipping.QUOTED : Skipping.BARE);
                return true;
            }
        }
        if (end == MORE) {
            return false;
        }
        // An escaped character may end a word, or belong to it.
        if (!decode(from)) {
            return false;
        }
        int decoded = character;
        int after = next;
        // Behind a literal backslash the letter may begin a token: \\n is a line end in JSON of JSON only.
        int letter = after - 1;
        if (letter > from && control(buffer[letter]) == decoded) {
            int token = token(letter);
            if (token == MORE) {
                return false;
            }
            if (token > NO) {
                write(letter - from);
                return true;
            }
        }
        write(after - from);
        withinWord = isOfWord(decoded);
        return true;
    }

    /** Returns the end of a token of the call that begins here. */
    private int token(int at) {
        return tokens.stream()
                .mapToInt(token -> literal(token, at))
                .filter(found -> found != NO)
                .findFirst()
                .orElse(NO);
    }

    /** Returns the end of a text that begins here, escaped or not. */
    private int literal(byte[] text, int at) {
        int position = at;
        for (byte wanted : text) {
            if (position == to) {
                return ended ? NO : MORE;
            }
            if (buffer[position] == wanted) {
                position++;
            } else if (!decode(position)) {
                return MORE;
            } else if (character == (wanted & 0xff)) {
                position = next;
            } else {
                return NO;
            }
        }
        return position;
    }

    private int matchPrefix() {
        for (byte[] prefix : prefixes) {
            int position = literal(prefix, from);
            for (int i = 0; i < LEAST && position > NO; i++) {
                position = one(position);
                if (position > NO && !isOfToken(character)) {
                    position = NO;
                }
            }
            if (position != NO) {
                return position;
            }
        }
        return NO;
    }

    /** Returns the start of the value of a name that begins here: {@code "name": "value"} or {@code name=value}. */
    private int matchName() {
        for (byte[] name : names) {
            int position = value(literal(name, from));
            if (position != NO) {
                return position;
            }
        }
        return NO;
    }

    private int value(int end) {
        int position = one(end);
        if (position > NO && character == '"') {
            position = one(position);
        }
        position = space(position);
        if (position < 0 || (character != ':' && character != '=')) {
            return position < 0 ? position : NO;
        }
        boolean equals = character == '=';
        int start = position;
        position = one(start);
        for (int i = 0; position > NO && Character.isWhitespace(character); i++) {
            start = position;
            position = i < WIDEST ? one(start) : NO;
        }
        quoted = position > NO && character == '"';
        if (quoted) {
            start = position;
            position = one(start);
        }
        if (position == MORE) {
            return MORE;
        }
        boolean holds = position > NO && (quoted ? character != '"' : equals && isOfToken(character));
        return holds ? start : NO;
    }

    /** Skips white space after its first character; {@link #NO} for too much of it. */
    private int space(int end) {
        int position = end;
        for (int i = 0; position > NO && Character.isWhitespace(character); i++) {
            position = i < WIDEST ? one(position) : NO;
        }
        return position;
    }

    /** Skips one character. */
    private int one(int at) {
        if (at < 0) {
            return at;
        }
        if (at == to) {
            return ended ? NO : MORE;
        }
        return decode(at) ? next : MORE;
    }

    /** Reads one character, escaped or not; returns false when more bytes are needed. */
    private boolean decode(int at) {
        character = buffer[at] & 0xff;
        next = at + 1;
        return switch (character) {
            case '\\' -> backslash(at);
            case '%' -> percent(at);
            case '&' -> entity(at);
            default -> true;
        };
    }

    /** Reads an escape of JSON, at any level of JSON within JSON. */
    private boolean backslash(int at) {
        int position = at;
        while (position < to && position - at < ESCAPES && buffer[position] == '\\') {
            position++;
        }
        if (position == to) {
            return ended;
        }
        if (buffer[position] == '/' || buffer[position] == '"') {
            character = buffer[position];
            next = position + 1;
        } else if (buffer[position] == 'u') {
            if (position + 5 > to) {
                return ended;
            }
            number(position + 1, 4, 16, position + 5);
        } else if (position > at && control(buffer[position]) != NO) {
            character = control(buffer[position]);
            next = position + 1;
        }
        return true;
    }

    /** The control character that JSON writes as a backslash and this letter (RFC 8259 section 7). */
    private static int control(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> NO;
        };
    }

    private boolean percent(int at) {
        int position = at + 1;
        for (int i = 0; i < ESCAPES && isEscapedPercent(position); i++) {
            if (position + 4 > to) {
                return ended;
            }
            position += 2;
        }
        if (position + 2 > to) {
            return ended;
        }
        number(position, 2, 16, position + 2);
        return true;
    }

    /** Whether the percent sign before this position is, or may turn out to be, an escaped one. */
    private boolean isEscapedPercent(int position) {
        if (position + 2 > to || buffer[position] != '2' || buffer[position + 1] != '5') {
            return false;
        }
        return position + 4 > to ? !ended : isHex(buffer[position + 2]) && isHex(buffer[position + 3]);
    }

    private static boolean isHex(byte digit) {
        return Character.digit(digit, 16) >= 0;
    }

    /** Reads a numeric character reference of HTML or XML, or that of the quotation mark. */
    private boolean entity(int at) {
        int last = Math.min(to, at + 10);
        int end = at + 1;
        while (end < last && buffer[end] != ';' && isOfEntity(buffer[end])) {
            end++;
        }
        if (end == to) {
            return ended;
        }
        if (end < last && buffer[end] == ';') {
            String entity = new String(buffer, at + 1, end - at - 1, StandardCharsets.US_ASCII);
            if (entity.equals("quot")) {
                character = '"';
                next = end + 1;
            } else if (entity.startsWith("#x") || entity.startsWith("#X")) {
                number(at + 3, end - at - 3, 16, end + 1);
            } else if (entity.startsWith("#")) {
                number(at + 2, end - at - 2, 10, end + 1);
            }
        }
        return true;
    }

    private static boolean isOfEntity(byte value) {
        return value == '#' || Character.isLetterOrDigit(value);
    }

    /** Sets {@link #character} to a number, unless the digits are none. */
    private void number(int at, int digits, int radix, int end) {
        int value = digits == 0 ? NO : 0;
        for (int i = at; i < at + digits && value > NO; i++) {
            int digit = Character.digit(buffer[i], radix);
            value = digit < 0 ? NO : value * radix + digit;
        }
        if (value > NO) {
            character = value;
            next = end;
        }
    }

    /** Characters of bearer tokens (RFC 6750 section 2.1), and separators that providers use in them. */
    private static boolean isOfToken(int value) {
        return isOfWord(value) || (value < 128 && "-.~+/=|:!*$".indexOf(value) >= 0);
    }

    private static boolean isOfWord(int value) {
        return value == '_' || (value < 128 && Character.isLetterOrDigit(value));
    }

    private void write(int count) {
        append(buffer, from, count);
        from += count;
        withinWord = isOfWord(buffer[from - 1] & 0xff);
    }

    private void replace(int end, Skipping rest) {
        append(REPLACEMENT, 0, REPLACEMENT.length);
        from = end;
        skipping = rest;
        withinWord = false;
    }

    private void append(byte[] bytes, int offset, int count) {
        if (outTo + count > out.length) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, outTo + count));
        }
        System.arraycopy(bytes, offset, out, outTo, count);
        outTo += count;
    }
}
