package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Short code that the outcome page shows and the chat user passes to the bot. It is derived from the secret that binds
 * an attempt to its browser, so that the page can show it again after a reload although only its hash is stored.
 *
 * @param text six characters, without the hyphen that pages put in the middle
 */
public record ConfirmationCode(String text) {

    /** Without vowels, so that no code is a word, and without characters that look or sound alike. */
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

    /** Reads what people type: any case, spaces and hyphens; empty for what cannot be a code. */
    public static Optional<ConfirmationCode> parse(String typed) {
        String text = PADDING.matcher(typed).replaceAll("").toUpperCase(Locale.ROOT);
        return FORM.matcher(text).matches() ? Optional.of(new ConfirmationCode(text)) : Optional.empty();
    }

    /** {@code K7Q-M4T}. */
    public String shown() {
        return text.substring(0, LENGTH / 2) + "-" + text.substring(LENGTH / 2);
    }

    /** Binds the code to one grant; its hash is stored. */
    Secret boundTo(GrantId grantId) {
        return new Secret(grantId + "/" + text);
    }

    @Override
    public String toString() {
        return "[confirmation code]";
    }
}
