package dev.grantbook.conversation.facebook;

import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ChannelAnswer;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messenger's log-in and log-out buttons, and the messages that show them (button template). */
@ApplicationScoped
public class FacebookAnswer implements ChannelAnswer {

    @Inject
    Settings settings;

    @Override
    public Channel channel() {
        return Channel.FACEBOOK;
    }

    @Override
    public URI page(URI invitation) {
        String address = invitation.toString();
        return settings.publicUrl("/channels/facebook" + address.substring(address.lastIndexOf('/')));
    }

    @Override
    public Record ask(Question question, Offer offer) {
        return answer(question, new Button("account_link", page(offer.url())));
    }

    @Override
    public Record proceed(Question question) {
        return answer(question, null);
    }

    private static Record answer(Question question, @Nullable Button logIn) {
        var logOut = new Button("account_unlink", null);
        return new MessengerAnswer(
                new Buttons(logIn, logOut),
                new Messages(
                        logIn == null ? null : logIn.below(ChannelAnswer.say(question, "facebook.log-in")),
                        logOut.below(ChannelAnswer.say(question, "facebook.log-out"))));
    }

    private record MessengerAnswer(Buttons buttons, Messages messages) {}

    private record Buttons(@Nullable Button logIn, Button logOut) {}

    /** Each is the {@code message} of a call to Messenger's Send API. */
    private record Messages(@Nullable ButtonMessage logIn, ButtonMessage logOut) {}

    /** @param url https for the real Messenger; null for logging out */
    private record Button(String type, @Nullable URI url) {

        ButtonMessage below(String text) {
            return new ButtonMessage(new Attachment("template", new Payload("button", text, List.of(this))));
        }
    }

    private record ButtonMessage(Attachment attachment) {}

    private record Attachment(String type, Payload payload) {}

    private record Payload(String templateType, String text, List<Button> buttons) {}
}
