package dev.grantbook.conversation.web;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.ReturnUrls;
import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.ConversationLinks.Receipt;
import dev.grantbook.conversation.ConversationReturn;
import dev.grantbook.conversation.HandOver;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chats on web pages: which origin receives the result, and the codes of log-in pages of the operator. */
@ApplicationScoped
public class WebLinking {

    private static final Pattern HANDLE = Pattern.compile("[0-9A-Za-z]{1,256}");

    @Inject
    ConversationLinks links;

    @Inject
    Connectors connectors;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    /**
     * The origin of the chat's page: the only one that receives the result.
     *
     * @param returnTo the bot's return URL, which names the page; null for none
     * @return empty when no page on the web is allowed
     */
    static Optional<String> origin(@Nullable String returnTo, ReturnUrls allowed) {
        Stream<URI> wish = Stream.ofNullable(returnTo).filter(allowed::allow).map(URI::create);
        return Stream.concat(wish, allowed.allowed().stream())
                .filter(WebLinking::isWeb)
                .map(WebLinking::origin)
                .findFirst();
    }

    private static boolean isWeb(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("https") || (scheme.equals("http") && IpNetwork.isOwnMachine(address));
    }

    /** As browsers write it (RFC 6454 section 6.2): in lower case and without the scheme's own port. */
    private static String origin(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        String port = address.getPort() < 0 || address.getPort() == usual ? "" : ":" + address.getPort();
        return scheme + "://" + address.getHost().toLowerCase(Locale.ROOT) + port;
    }

    /**
     * Keeps the code of a log-in page.
     *
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 400 when the browser may not go to the target;
     *     nothing is kept then
     */
    public HandOver.Arrival goOn(ConverseRedirect redirect) {
        if (redirect.code() != null && redirect.code().length() > AuthorizationResponse.LONGEST_VALUE) {
            throw Problem.field("authorization_code", "too long").exception();
        }
        String own = settings.publicUrl("/linked/").toString();
        if (redirect.target().startsWith(own)) {
            return receive(redirect.target().substring(own.length()), redirect.code());
        }
        boolean allowed = connectors.all().stream()
                .filter(Connector::enabled)
                .anyMatch(connector -> connector.returnUrls().allow(redirect.target()));
        if (!allowed) {
            throw notAllowed();
        }
        return HandOver.Arrival.at(
                new Parameters().with("authorization_code", redirect.code()).appendTo(URI.create(redirect.target())));
    }

    /** Keeps the code for the conversation of the link; a reload keeps nothing twice. */
    private HandOver.Arrival receive(String text, @Nullable String code) {
        if (!HANDLE.matcher(text).matches()) {
            throw notAllowed();
        }
        Secret handle = new Secret(text);
        HandOver.Arrival closing = HandOver.Arrival.at(ConversationReturn.page(settings, handle));
        if (code == null) {
            return links.find(handle).map(found -> closing).orElseThrow(this::linkEnded);
        }
        Duration always = settings.attempts()
                .invitationLifetime()
                .plus(settings.attempts().lifetime());
        Receipt receipt = links.receive(handle, Channel.WEB, always, new Secret(code), null);
        if (receipt instanceof Receipt.LinkUnknown) {
            throw linkEnded();
        }
        return receipt instanceof Receipt.LinkUsed received
                ? HandOver.Arrival.of(
                        received,
                        connectors
                                .find(received.found().conversation().connector())
                                .orElse(null),
                        new Secret(code),
                        settings)
                : closing;
    }

    /** Spends the budget of the sender's network. */
    private RuntimeException linkEnded() {
        anonymous.spend();
        return Problem.of(400, "link-ended", "This link is over. Please go back to the chat and ask for a new one.")
                .exception();
    }

    private static RuntimeException notAllowed() {
        return Problem.field("redirect_uri", "not below an address in a connector's return-urls")
                .exception();
    }
}
