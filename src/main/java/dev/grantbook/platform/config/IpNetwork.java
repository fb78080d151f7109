package dev.grantbook.platform.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A block of IP addresses whose first bits, 0 to 32 (IPv4) or 128 (IPv6), are the same (CIDR, RFC 4632). */
public record IpNetwork(InetAddress address, int bits) {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])\\.?");

    /** Reads an address ({@code 10.0.0.5}) or a network ({@code 10.0.0.0/8}); empty for anything else. */
    public static Optional<IpNetwork> parse(String text) {
        String[] parts = text.strip().split("/", 2);
        return address(parts[0]).flatMap(address -> {
            int all = address.getAddress().length * 8;
            if (parts.length == 1) {
                return Optional.of(new IpNetwork(address, all));
            }
            return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= all
                    ? Optional.of(new IpNetwork(address, Integer.parseInt(parts[1])))
                    : Optional.empty();
        });
    }

    /** Reads an IP address without resolving names; empty for anything else. */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length && Arrays.equals(mask(other), mask(address));
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(mask(address)).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("masking keeps the length", e);
        }
    }

    private byte[] mask(InetAddress other) {
        byte[] bytes = other.getAddress();
        for (int bit = bits; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return bytes;
    }

    /** Whether the address names this machine, judged without resolving names. */
    public static boolean isOwnMachine(URI address) {
        return LOOPBACK.matcher(String.valueOf(address.getHost()).toLowerCase(Locale.ROOT))
                .matches();
    }
}
