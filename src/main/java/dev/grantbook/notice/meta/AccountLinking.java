package dev.grantbook.notice.meta;

import dev.grantbook.oauth.Secret;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Messenger user linked an account, or unlinked it.
 *
 * @param psid page-scoped id of the user; at most 255 characters
 * @param code our one-time authorization code; null when the user unlinked
 * @see <a
 *     href="https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_account_linking">
 *     messaging_account_linking</a>
 */
public record AccountLinking(String psid, @Nullable Secret code) {

    /** Reads all events of this kind in a webhook, and skips others. */
    public static List<AccountLinking> in(JsonObject webhook) {
        return objects(webhook, "entry")
                .flatMap(entry -> objects(entry, "messaging"))
                .flatMap(AccountLinking::read)
                .toList();
    }

    private static Stream<AccountLinking> read(JsonObject event) {
        if (!(event.get("sender") instanceof JsonObject sender)
                || !(event.get("account_linking") instanceof JsonObject linking)) {
            return Stream.empty();
        }
        String psid = text(sender, "id");
        String code = text(linking, "authorization_code");
        if (!ProviderId.isSound(psid)) {
            return Stream.empty();
        }
        return switch (text(linking, "status")) {
            // Without the code, this user is not proved to be the one who logged in.
            case "linked" -> code.isEmpty() ? Stream.empty() : Stream.of(new AccountLinking(psid, new Secret(code)));
            case "unlinked" -> Stream.of(new AccountLinking(psid, null));
            default -> Stream.empty();
        };
    }

    private static Stream<JsonObject> objects(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonArray array
                ? array.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                : Stream.empty();
    }

    private static String text(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonString text ? text.getString() : "";
    }
}
