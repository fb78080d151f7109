package dev.grantbook.notice.meta;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads which accounts' permissions changed. The change itself may be missing or outdated.
 *
 * @see <a href="https://developers.facebook.com/docs/graph-api/webhooks/reference/permissions/">Permissions</a>
 */
public final class PermissionChange {

    private PermissionChange() {}

    /** The provider's ids of the accounts. */
    public static Set<String> accounts(JsonObject webhook) {
        boolean about = webhook.get("object") instanceof JsonString object
                && object.getString().equals("permissions");
        return about && webhook.get("entry") instanceof JsonArray entries
                ? entries.stream()
                        .filter(JsonObject.class::isInstance)
                        .flatMap(entry -> account(entry.asJsonObject()))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** Older webhooks have {@code uid} only. */
    private static Stream<String> account(JsonObject entry) {
        return Stream.of("uid", "id")
                .map(entry::get)
                .filter(JsonString.class::isInstance)
                .map(id -> ((JsonString) id).getString())
                .filter(ProviderId::isSound)
                .limit(1);
    }
}
