package dev.grantbook.catalogue.account;

import dev.grantbook.oauth.Secret;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the data that Telegram's older login widget gives a web page (<a
 * href="https://core.telegram.org/widgets/login-legacy">Telegram's page on it</a>): {@code hash} is the HMAC-SHA256 of
 * the other fields, sorted, one {@code name=value} on each line; the key is the SHA-256 of the bot token.
 *
 * @param longestAge how long after {@code auth_date} the data is accepted, any number of times
 */
record TelegramWidget(Duration longestAge, Duration skew) {

    private static final String HASH = "hash";
    private static final String SIGNED_AT = "auth_date";

    private static final Pattern NAME = Pattern.compile("[a-z_]{1,64}");
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,18}");
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,10}");
    private static final Pattern HMAC_SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    /** A line break inside a value would let one signed text be read as other fields. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    ProvenAccount check(JsonObject data, Secret botToken, Instant now) {
        Map<String, String> fields = fields(data);
        String hash = require(fields, HASH, HMAC_SHA256, "64 hexadecimal digits");
        String id = require(fields, "id", ID, "a positive number");
        Instant signedAt = Instant.ofEpochSecond(
                Long.parseLong(require(fields, SIGNED_AT, SECONDS, "seconds since 1970-01-01T00:00:00Z")));
        // The signature comes first, so that no message describes data that Telegram never wrote.
        if (!MessageDigest.isEqual(hmac(fields, botToken), HexFormat.of().parseHex(hash))) {
            throw new AccountProofException(
                    HASH, "does not fit the data: a field is missing or changed, or another bot's token signed it");
        }
        if (signedAt.isAfter(now.plus(skew))) {
            throw new AccountProofException(SIGNED_AT, "lies in the future");
        }
        if (signedAt.isBefore(now.minus(longestAge))) {
            throw new AccountProofException(
                    SIGNED_AT, "is older than " + longestAge.toHours() + " hours; the user has to sign in again");
        }
        return new ProvenAccount(id, Account.line(name(fields)), signedAt);
    }

    private static Map<String, String> fields(JsonObject data) {
        var fields = new TreeMap<String, String>();
        data.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw new AccountProofException(name, "Telegram has no field of this name");
            }
            String text = text(name, value);
            if (CONTROL.matcher(text).find()) {
                throw new AccountProofException(name, "must be one line, without control characters");
            }
            fields.put(name, text);
        });
        return fields;
    }

    /** The widget's script passes numbers as numbers, its redirect as text; both are signed as text. */
    private static String text(String name, JsonValue value) {
        if (value instanceof JsonString string) {
            return string.getString();
        }
        if (value instanceof JsonNumber number && number.isIntegral()) {
            return number.toString();
        }
        throw new AccountProofException(name, "must be a text or a whole number");
    }

    private static String require(Map<String, String> fields, String name, Pattern pattern, String wanted) {
        String value = fields.get(name);
        if (value == null) {
            throw new AccountProofException(name, "is missing");
        }
        if (!pattern.matcher(value).matches()) {
            throw new AccountProofException(name, "must be " + wanted);
        }
        return value;
    }

    private static byte[] hmac(Map<String, String> fields, Secret botToken) {
        String signed = fields.entrySet().stream()
                .filter(field -> !field.getKey().equals(HASH))
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining("\n"));
        byte[] key = Secret.sha256(botToken.value().getBytes(StandardCharsets.UTF_8));
        return Secret.hmacSha256(key, signed.getBytes(StandardCharsets.UTF_8));
    }

    /** A last name is optional at Telegram, and so is a user name. */
    private static String name(Map<String, String> fields) {
        String full = Stream.of("first_name", "last_name")
                .map(name -> fields.getOrDefault(name, ""))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
        return full.isEmpty() ? fields.getOrDefault("username", "") : full;
    }
}
