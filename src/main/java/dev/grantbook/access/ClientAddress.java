package dev.grantbook.access;

import dev.grantbook.platform.ConfigurationException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of whoever sent a request. Anybody can write an {@code X-Forwarded-For}; each line of it is believed only
 * when a trusted proxy wrote it, so it is read from the end, and reading stops at the first address that is not ours.
 *
 * @param text an IP address in its usual form
 */
public record ClientAddress(String text) {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    /** Some proxies add the port. */
    private static final Pattern PORT = Pattern.compile("\\[([0-9a-fA-F:.]+)](?::\\d{1,5})?|([0-9.]+):\\d{1,5}");

    private static final String HEADER = "X-Forwarded-For";

    /** @param trustedProxies addresses ({@code 10.0.0.5}) or networks ({@code 10.0.0.0/8}) */
    public static ClientAddress of(HttpServletRequest request, List<String> trustedProxies) {
        return of(request.getRemoteAddr(), Collections.list(request.getHeaders(HEADER)), trustedProxies);
    }

    static ClientAddress of(String peer, List<String> forwarded, List<String> trustedProxies) {
        List<Network> trusted = networks(trustedProxies);
        var hops = new ArrayList<String>();
        forwarded.forEach(line -> hops.addAll(Arrays.asList(line.split(",", -1))));
        Collections.reverse(hops);
        InetAddress client = parse(peer);
        if (client == null) {
            return new ClientAddress(peer);
        }
        for (String hop : hops) {
            InetAddress before = parse(hop.strip());
            InetAddress last = client;
            if (before == null || trusted.stream().noneMatch(network -> network.contains(last))) {
                break;
            }
            client = before;
        }
        return new ClientAddress(client.getHostAddress());
    }

    /**
     * Checks what an operator wrote.
     *
     * @throws ConfigurationException naming what is neither an address nor a network
     */
    static void check(List<String> trustedProxies) {
        for (String text : trustedProxies) {
            if (Network.parse(text).isEmpty()) {
                throw new ConfigurationException("grantbook.trusted-proxies: \"" + text
                        + "\" is neither an IP address nor a network like 10.0.0.0/8");
            }
        }
    }

    private static List<Network> networks(List<String> texts) {
        return texts.stream().map(Network::parse).flatMap(Optional::stream).toList();
    }

    /** Whose address it is: with IPv6, a customer has a whole /64 to choose from. */
    public String network() {
        InetAddress address = parse(text);
        return address == null || address.getAddress().length == 4 ? text : new Network(address, 64).text();
    }

    /** Addresses with the same beginning. */
    private record Network(InetAddress address, int bits) {

        static Optional<Network> parse(String text) {
            String[] parts = text.strip().split("/", 2);
            InetAddress address = ClientAddress.parse(parts[0]);
            if (address == null) {
                return Optional.empty();
            }
            int all = address.getAddress().length * 8;
            if (parts.length == 1) {
                return Optional.of(new Network(address, all));
            }
            return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= all
                    ? Optional.of(new Network(address, Integer.parseInt(parts[1])))
                    : Optional.empty();
        }

        boolean contains(InetAddress other) {
            return other.getAddress().length == address.getAddress().length
                    && Arrays.equals(masked(other), masked(address));
        }

        String text() {
            try {
                return InetAddress.getByAddress(masked(address)).getHostAddress() + "/" + bits;
            } catch (UnknownHostException e) {
                throw new IllegalStateException("masking keeps the length", e);
            }
        }

        private byte[] masked(InetAddress other) {
            byte[] bytes = other.getAddress();
            for (int bit = bits; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            return bytes;
        }
    }

    /** Null for what is no IP address; never asks a name server. */
    private static @Nullable InetAddress parse(String text) {
        var port = PORT.matcher(text);
        String bare = !port.matches() ? text : port.group(1) != null ? port.group(1) : port.group(2);
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
