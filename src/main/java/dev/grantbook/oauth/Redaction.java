package dev.grantbook.oauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Removes secrets from what a peer wrote: servers quote codes, tokens and credentials that they refuse, whole or cut,
 * in clear, percent-encoded, form-encoded or in base64. Every part of {@value #PART} characters or more is removed,
 * ignoring case. Redact before you cut: the last few characters of a cut secret are not found.
 */
public final class Redaction {

    /** Redacts nothing, for peers that know none of our secrets. */
    public static final Redaction NONE = of();

    private static final String MARK = "***";

    /** Characters; shorter common parts are coincidence: words have them too. */
    private static final int PART = 8;

    /** Characters of the shortest secret. */
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    public static Redaction of(@Nullable Secret... secrets) {
        return of(Stream.of(secrets)
                .filter(Objects::nonNull)
                .map(secret -> Objects.requireNonNull(secret).value())
                .toList());
    }

    public static Redaction of(Iterable<String> secrets) {
        return new Redaction(StreamSupport.stream(secrets.spliterator(), false)
                .filter(secret -> secret.length() >= SHORTEST)
                .toList());
    }

    /** Replaces each secret and each part of one by {@code ***}. */
    public String in(String text) {
        if (secrets.isEmpty() || text.length() < SHORTEST) {
            return text;
        }
        // Made only now: hardly any reply has such a text.
        var parts = new HashSet<String>();
        secrets.forEach(secret -> add(parts, secret));
        String small = small(text);
        var redacted = new StringBuilder();
        int kept = 0;
        int end = -1; // of the part found last
        for (int at = 0; at < text.length(); at++) {
            int found = longestAt(parts, small, at);
            if (found == 0) {
                continue;
            }
            if (at > end) {
                redacted.append(text, kept, at).append(MARK);
            }
            end = Math.max(end, at + found);
            kept = end;
        }
        return redacted.append(text, kept, text.length()).toString();
    }

    private static int longestAt(Set<String> parts, String small, int at) {
        for (int length = Math.min(PART, small.length() - at); length >= SHORTEST; length--) {
            if (parts.contains(small.substring(at, at + length))) {
                return length;
            }
        }
        return 0;
    }

    /** Adds the parts of a secret in all encodings, or the whole of a short one, in lower case. */
    private static void add(Set<String> parts, String secret) {
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String percent = form.replace("+", "%20");
        for (String clear : new LinkedHashSet<>(List.of(secret, form, percent))) {
            addParts(parts, clear);
            // Encoded once more, within an address that is itself a parameter.
            addParts(parts, URLEncoder.encode(clear, StandardCharsets.UTF_8));
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                for (int before = 0; before < 3; before++) {
                    addLong(parts, base64(encoder, clear, before));
                }
            }
        }
    }

    /** Encodes as base64 behind other text, such as the client id in HTTP Basic, without what its neighbours change. */
    private static String base64(Base64.Encoder encoder, String clear, int before) {
        byte[] bytes = ("\0".repeat(before) + clear).getBytes(StandardCharsets.UTF_8);
        String encoded = encoder.withoutPadding().encodeToString(bytes);
        int first = before == 0 ? 0 : before + 1;
        int last = encoded.length() - (bytes.length % 3 == 0 ? 0 : 1);
        return first < last ? encoded.substring(first, last) : "";
    }

    private static void addParts(Set<String> parts, String text) {
        if (text.length() < PART) {
            parts.add(small(text));
        } else {
            addLong(parts, text);
        }
    }

    private static void addLong(Set<String> parts, String text) {
        String small = small(text);
        for (int at = 0; at + PART <= small.length(); at++) {
            parts.add(small.substring(at, at + PART));
        }
    }

    /** Converts each character on its own, so that positions stay. */
    private static String small(String text) {
        return text.chars()
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, (small, letter) -> small.append((char) letter), StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return "[redaction]";
    }
}
