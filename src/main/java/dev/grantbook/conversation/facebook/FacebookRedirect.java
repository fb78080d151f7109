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
 * Where Messenger wants its browser back after account linking. It comes from the outside and receives a code of ours,
 * so it must be an address of Facebook's own, by https and on the usual port.
 */
public record FacebookRedirect(URI address) {

    private static final Set<String> HOSTS =
            Set.of("facebook.com", "www.facebook.com", "m.facebook.com", "messenger.com", "www.messenger.com");

    /** Messenger adds hosts of its own below these two. */
    private static final Pattern BELOW =
            Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+(facebook|messenger)\\.com");

    /** Browsers read these differently from parsers, and an address needs none of them bare. */
    private static final Pattern PLAIN = Pattern.compile("[!#-;=?-\\[\\]_a-z~]+");

    /** @param sandbox whether Messenger may be played on this machine */
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
