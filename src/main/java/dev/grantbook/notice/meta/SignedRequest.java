package dev.grantbook.notice.meta;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.problem.Problem;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Meta's signed notice about an account: {@code base64url(HMAC-SHA256(payload)) . payload}, where the payload is
 * base64url of a JSON object and the key is the app secret.
 *
 * @param account the provider's id of the account; at most 255 characters
 * @param issuedAt to the second
 * @param payload as signed
 * @see <a
 *     href="https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback">Data
 *     deletion callback</a>
 */
public record SignedRequest(String account, Instant issuedAt, String payload) {

    /** Limits replays. */
    static final Duration LIFETIME = Duration.ofDays(1);

    /** Characters; real ones have about 300. */
    static final int LONGEST = 8 * 1024;

    private static final String FIELD = "signed_request";
    private static final String ALGORITHM = "HMAC-SHA256";

    /**
     * Parses a signed request and verifies its signature and time.
     *
     * @param skew how far the provider's clock may be ahead
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 400 when malformed; 403 when signed with another
     *     secret, too old, or from the future
     */
    public static SignedRequest parse(String text, Secret clientSecret, Instant now, Duration skew) {
        String[] parts = text.split("\\.", -1);
        if (text.length() > LONGEST || parts.length != 2) {
            throw rejectMalformed("must be a signature and a payload with a full stop between them");
        }
        String payload = parts[1];
        byte[] expected = HexFormat.of().parseHex(clientSecret.hmacSha256(payload));
        if (!MessageDigest.isEqual(decode(parts[0]), expected)) {
            throw reject("wrong-signature", "This was not signed with the client secret of this connector.");
        }
        JsonObject json = json(decode(payload));
        if (!ALGORITHM.equals(text(json, "algorithm"))) {
            throw rejectMalformed("algorithm must be " + ALGORITHM);
        }
        Instant issuedAt = readIssuedAt(json);
        if (issuedAt.isAfter(now.plus(skew)) || issuedAt.isBefore(now.minus(LIFETIME))) {
            throw reject("stale-request", "This was signed more than a day ago, or in the future.");
        }
        String account = text(json, "user_id");
        if (!ProviderId.isSound(account)) {
            throw rejectMalformed("user_id is missing or no account id");
        }
        return new SignedRequest(account, issuedAt, payload);
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw rejectMalformed("must be base64url (RFC 4648 section 5)");
        }
    }

    private static JsonObject json(byte[] payload) {
        try {
            return Json.readObject(new String(payload, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            // Parsers signal their limits by exceptions of any type, and their messages may quote the payload.
            throw rejectMalformed("the payload is no JSON object");
        }
    }

    private static Instant readIssuedAt(JsonObject json) {
        if (json.get("issued_at") instanceof JsonNumber number
                && number.bigDecimalValue().precision() <= 15
                && Math.abs(number.doubleValue()) < 1e12) {
            return Instant.ofEpochSecond(number.longValue());
        }
        throw rejectMalformed("issued_at must be a number of seconds");
    }

    /** Account ids are texts; an integer with the same digits counts too. */
    private static String text(JsonObject json, String name) {
        if (json.get(name) instanceof JsonString text) {
            return text.getString();
        }
        return json.get(name) instanceof JsonNumber number && number.isIntegral() ? number.toString() : "";
    }

    private static RuntimeException rejectMalformed(String reason) {
        return Problem.field(FIELD, reason).exception();
    }

    private static RuntimeException reject(String slug, String detail) {
        return Problem.of(403, slug, detail).exception();
    }
}
