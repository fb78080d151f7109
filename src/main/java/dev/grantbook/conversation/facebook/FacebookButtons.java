package dev.grantbook.conversation.facebook;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;

/** Messenger's log-in and log-out buttons, and the messages that show them (button template). */
public final class FacebookButtons {

    private FacebookButtons() {}

    /** Address of the page that the log-in button opens, for the invitation behind a link. */
    public static URI page(Settings settings, URI invitation) {
        String address = invitation.toString();
        return settings.publicUrl("/channels/facebook" + address.substring(address.lastIndexOf('/')));
    }

    /** @param page must be https for the real Messenger */
    public static JsonObject logIn(URI page) {
        return Json.createObjectBuilder()
                .add("type", "account_link")
                .add("url", page.toString())
                .build();
    }

    public static JsonObject logOut() {
        return Json.createObjectBuilder().add("type", "account_unlink").build();
    }

    /** The {@code message} of a call to Messenger's Send API. */
    public static JsonObject message(String text, JsonObject button) {
        return Json.createObjectBuilder()
                .add(
                        "attachment",
                        Json.createObjectBuilder()
                                .add("type", "template")
                                .add(
                                        "payload",
                                        Json.createObjectBuilder()
                                                .add("template_type", "button")
                                                .add("text", text)
                                                .add(
                                                        "buttons",
                                                        Json.createArrayBuilder()
                                                                .add(button))))
                .build();
    }
}
