package dev.grantbook.conversation.facebook;

import dev.grantbook.connector.ReturnUrls;
import dev.grantbook.platform.config.IpNetwork;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Messenger's redirect URI of account linking. It is sent by the browser and receives a one-time code, so that it must
 * be an address of Facebook's, by https and on its port.
 */
public record FacebookRedirect(URI address) {

    private static final Set<String> HOSTS =
            Set.of("facebook.com", "www.facebook.com", "m.facebook.com", "messenger.com", "www.messenger.com");

    private static final Pattern BELOW =
            Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+(facebook|messenger)\\.com");

    /** Leaves out characters that browsers read differently from parsers. */
    private static final Pattern PLAIN = Pattern.compile("[!#-;=?-\\[\\]_a-z~]+");

    /** @param sandbox whether a page of this machine may emulate Messenger */
    static Optional<FacebookRedirect> parse(@Nullable String text, boolean sandbox) {
        if (text == null
                || text.length() > ReturnUrls.LONGEST
                || !PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            URI address = new URI(text);
            boolean sound = address.getRawUserInfo() == null && address.getHost() != null && !address.isOpaque();
            return sound && (isFacebook(address) || (sandbox && isPlayed(address)))
                    ? Optional.of(new FacebookRedirect(address))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isFacebook(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return "https".equalsIgnoreCase(address.getScheme())
                && (address.getPort() < 0 || address.getPort() == 443)
                && (HOSTS.contains(host) || BELOW.matcher(host).matches());
    }

    private static boolean isPlayed(URI address) {
        return "http".equalsIgnoreCase(address.getScheme()) && IpNetwork.isOwnMachine(address);
    }
}
