package dev.grantbook.notice.meta;

import dev.grantbook.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** Signs as Meta does, written from its documentation. */
public final class Signed {

    private Signed() {}

    /** A signed request of a payload in JSON. */
    public static String request(String payload, Secret appSecret) {
        String encoded = base64url(payload.getBytes(StandardCharsets.UTF_8));
        byte[] signature = HexFormat.of().parseHex(appSecret.hmacSha256(encoded));
        return base64url(signature) + "." + encoded;
    }

    /** The header of a webhook. */
    public static String header(String body, Secret appSecret) {
        return "sha256=" + appSecret.hmacSha256(body);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
