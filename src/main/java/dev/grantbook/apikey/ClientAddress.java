package dev.grantbook.apikey;

import dev.grantbook.platform.config.IpNetwork;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The IP address of a request's sender. Anybody can send {@code X-Forwarded-For}: entries are read from the end, each
 * believed only when a trusted proxy added it, up to the first address that is not one.
 */
public record ClientAddress(String text) {

    /** Addresses with a port, as some proxies send them. */
    private static final Pattern PORT = Pattern.compile("\\[([0-9a-fA-F:.]+)](?::\\d{1,5})?|([0-9.]+):\\d{1,5}");

    private static final String HEADER = "X-Forwarded-For";

    public static ClientAddress of(HttpServletRequest request, List<IpNetwork> trusted) {
        return of(request.getRemoteAddr(), Collections.list(request.getHeaders(HEADER)), trusted);
    }

    static ClientAddress of(String peer, List<String> forwarded, List<IpNetwork> trusted) {
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

    /** Returns the customer's network: with IPv6, a whole /64. */
    public String network() {
        InetAddress address = parse(text);
        return address == null || address.getAddress().length == 4 ? text : new IpNetwork(address, 64).toString();
    }

    /** Parses an IP address without resolving names; null for anything else. */
    private static @Nullable InetAddress parse(String text) {
        var port = PORT.matcher(text);
        String bare = !port.matches() ? text : port.group(1) != null ? port.group(1) : port.group(2);
        return IpNetwork.address(bare).orElse(null);
    }
}
