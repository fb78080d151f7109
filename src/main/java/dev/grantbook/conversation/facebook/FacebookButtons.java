package dev.grantbook.conversation.facebook;

import dev.grantbook.platform.config.Settings;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messenger's log-in and log-out buttons, and the messages that show them (button template). */
public final class FacebookButtons {

    private FacebookButtons() {}

    /** Address of the page that the log-in button opens, for the invitation behind a link. */
    public static URI page(Settings settings, URI invitation) {
        String address = invitation.toString();
        return settings.publicUrl("/channels/facebook" + address.substring(address.lastIndexOf('/')));
    }

    /** A button; the address must be https for the real Messenger, and is null for logging out. */
    public record Button(String type, @Nullable URI url) {

        public static Button logIn(URI page) {
            return new Button("account_link", page);
        }

        public static Button logOut() {
            return new Button("account_unlink", null);
        }

        /** The {@code message} of a call to Messenger's Send API that shows this button. */
        public ButtonMessage below(String text) {
            return new ButtonMessage(new Attachment("template", new Payload("button", text, List.of(this))));
        }
    }

    public record ButtonMessage(Attachment attachment) {}

    public record Attachment(String type, Payload payload) {}

    public record Payload(String templateType, String text, List<Button> buttons) {}
}
