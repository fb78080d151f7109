package dev.grantbook.oauth;

import org.jspecify.annotations.Nullable;

/**
 * An error as a provider words it (RFC 6749 sections 4.1.2.1 and 5.2), made safe to log: one line of printable ASCII,
 * cut to length. It still comes from outside, and pages must escape it.
 */
public record OAuthError(String code, @Nullable String description) {

    private static final int LONGEST = 200;

    public static OAuthError of(String code, @Nullable String description) {
        return new OAuthError(plain(code), description == null ? null : plain(description));
    }

    /** The same without what it repeats of a request: some servers quote the code or token that they refuse. */
    public OAuthError without(Iterable<String> secrets) {
        String left = description;
        if (left != null) {
            for (String secret : secrets) {
                left = left.replace(secret, "***");
            }
        }
        return new OAuthError(code, left);
    }

    /** Whether the user or the provider refused, as against a fault in the request. */
    public boolean isRefusal() {
        return code.equals("access_denied") || code.endsWith("_required");
    }

    @Override
    public String toString() {
        return description == null ? code : code + ": " + description;
    }

    private static String plain(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]+", " ").trim();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
