package dev.grantbook.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * HTTP/1.1 to 127.0.0.1 on connections that stay open, for one thread: so little of it that the processor is left to
 * what is measured.
 */
final class Client implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int MOST_REDIRECTS = 10;

    /** Last values by lower-case names, and all cookies. */
    record Reply(URI address, int status, Map<String, String> headers, List<String> cookies, String body) {

        Reply require(int wanted, String words) throws IOException {
            if (status != wanted || !body.contains(words)) {
                throw new IOException(address.getPath() + " answered " + status + " without \"" + words + "\"");
            }
            return this;
        }
    }

    private record Connection(Socket socket, InputStream in) {}

    /** By port. */
    private final Map<Integer, Connection> connections = new HashMap<>();

    Reply get(URI address, String... headers) throws IOException {
        return send("GET", address, "", headers);
    }

    Reply send(String method, URI address, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        var head = new StringBuilder(method).append(' ').append(address.getRawPath());
        if (address.getRawQuery() != null) {
            head.append('?').append(address.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(address.getRawAuthority()).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (!method.equals("GET")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
        request.writeBytes(bytes);

        Connection connection = connection(address.getPort());
        try {
            connection.socket().getOutputStream().write(request.toByteArray());
            return read(connection.in(), address);
        } catch (IOException e) {
            close(address.getPort());
            throw e;
        }
    }

    /** Follows redirects with the cookies of one browser. */
    Reply browse(URI start, Map<String, String> cookies) throws IOException {
        URI address = start;
        for (int redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
            Reply reply = get(address, "Accept: text/html", cookie(cookies));
            keep(reply, cookies);
            String location = reply.headers().get("location");
            if (location == null) {
                return reply;
            }
            address = address.resolve(location);
        }
        throw new IOException(start + " redirects again and again");
    }

    static String cookie(Map<String, String> cookies) {
        return "Cookie: "
                + cookies.entrySet().stream()
                        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; "));
    }

    static void keep(Reply reply, Map<String, String> cookies) {
        for (String cookie : reply.cookies()) {
            String[] pair = cookie.split(";", 2)[0].split("=", 2);
            if (pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
    }

    private Connection connection(int port) throws IOException {
        Connection connection = connections.get(port);
        if (connection == null) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            connection = new Connection(socket, new BufferedInputStream(socket.getInputStream(), 16 * 1024));
            connections.put(port, connection);
        }
        return connection;
    }

    private Reply read(InputStream in, URI address) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        var headers = new HashMap<String, String>();
        var cookies = new ArrayList<String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            headers.put(name, value);
            if (name.equals("set-cookie")) {
                cookies.add(value);
            }
        }
        byte[] body = body(in, status, headers);
        if ("close".equalsIgnoreCase(headers.get("connection"))) {
            close(address.getPort());
        }
        return new Reply(address, status, headers, cookies, new String(body, UTF_8));
    }

    private static byte[] body(InputStream in, int status, Map<String, String> headers) throws IOException {
        if (status == HttpURLConnection.HTTP_NO_CONTENT) {
            return new byte[0];
        }
        if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            String length = headers.get("content-length");
            return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        }
        var body = new ByteArrayOutputStream();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            body.writeBytes(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0], 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private void close(int port) throws IOException {
        Connection connection = connections.remove(port);
        if (connection != null) {
            connection.socket().close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Integer port : List.copyOf(connections.keySet())) {
            close(port);
        }
    }
}
