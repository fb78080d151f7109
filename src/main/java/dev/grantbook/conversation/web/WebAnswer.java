package dev.grantbook.conversation.web;

import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ChannelAnswer;
import dev.grantbook.conversation.ConversationFlow.Offer;
import dev.grantbook.conversation.ConversationReturn;
import dev.grantbook.conversation.Next.Question;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;

/** Writes where a log-in page of the operator sends its authorization code. */
@ApplicationScoped
public class WebAnswer implements ChannelAnswer {

    @Inject
    Settings settings;

    @Override
    public Channel channel() {
        return Channel.WEB;
    }

    @Override
    public Record ask(Question question, Offer offer) {
        return new LogInPage(ConversationReturn.page(settings, offer.handle()));
    }

    private record LogInPage(URI redirectUri) {}
}
