package dev.grantbook.oauth;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error as a provider words it (RFC 6749 sections 4.1.2.1 and 5.2). Both texts are unchecked: compare them, and
 * print only {@link #redact}, since some servers quote the code, the token or the credentials that they refuse.
 * {@code error_uri} is not read, for the same reason.
 */
public record OAuthError(String code, @Nullable String description) {

    private static final int LONGEST = 200;

    /** Random values such as a nonce, of which only the hash is known by then. No word is like that. */
    private static final Pattern RANDOM = Pattern.compile("[0-9A-Za-z_-]{40,}");

    public static OAuthError of(String code, @Nullable String description) {
        return new OAuthError(code.trim(), description);
    }

    /** Returns what a log may hold: without secrets, one line of printable ASCII, cut to length. */
    public String redact(Redaction redaction) {
        String word = plain(redaction.in(code));
        return description == null ? word : word + ": " + plain(redaction.in(description));
    }

    /** Whether the user or the provider refused, rather than found a fault in the request. */
    public boolean isRefusal() {
        return code.equals("access_denied") || code.endsWith("_required");
    }

    /** Shows neither text: they are not redacted. */
    @Override
    public String toString() {
        return "[error]";
    }

    private static String plain(String text) {
        String line = RANDOM.matcher(text.replaceAll("[^\\x20-\\x7e]+", " "))
                .replaceAll("***")
                .trim();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
