package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The short code that the outcome page shows and the chat user hands to the bot. It is made from the secret that ties a
 * attempt to its browser, so that the page can show it again after a reload although only its hash is kept.
 *
 * @param text six characters, without the hyphen that pages put in the middle
 */
public record ConfirmationCode(String text) {

    /** No vowels, so that no code is a word, and nothing that looks or sounds like something else here. */
    private static final String ALPHABET = "34679CDFGHJKMNPQRTVWX";

    private static final int LENGTH = 6;
    private static final Pattern FORM = Pattern.compile("[" + ALPHABET + "]{" + LENGTH + "}");
    private static final Pattern PADDING = Pattern.compile("[\\s\\p{Z}\\p{Pd}.]+");

    /** @param attempt the id of the attempt: one browser may make several */
    public static ConfirmationCode of(Secret browser, String attempt) {
        BigInteger rest = new BigInteger(browser.hmacSha256("confirmation/" + attempt), 16);
        BigInteger letters = BigInteger.valueOf(ALPHABET.length());
        StringBuilder text = new StringBuilder();
        while (text.length() < LENGTH) {
            text.append(ALPHABET.charAt(rest.mod(letters).intValue()));
            rest = rest.divide(letters);
        }
        return new ConfirmationCode(text.toString());
    }

    /** As people type it: in lower case, with spaces, with a hyphen or without; empty for what cannot be a code. */
    public static Optional<ConfirmationCode> parse(String typed) {
        String text = PADDING.matcher(typed).replaceAll("").toUpperCase(Locale.ROOT);
        return FORM.matcher(text).matches() ? Optional.of(new ConfirmationCode(text)) : Optional.empty();
    }

    /** As pages show it: {@code K7Q-M4T}. */
    public String shown() {
        return text.substring(0, LENGTH / 2) + "-" + text.substring(LENGTH / 2);
    }

    /** What is kept of it: bound to its grant, so that a code opens no other. */
    Secret boundTo(GrantId grantId) {
        return new Secret(grantId + "/" + text);
    }

    @Override
    public String toString() {
        return "[confirmation code]";
    }
}
