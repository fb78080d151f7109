package dev.grantbook.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection to the server, for requests that no HTTP client sends: text goes out as it is, in UTF-8. */
final class Wire implements AutoCloseable {

    /** Longer than the server waits for anything. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    static Wire open() throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(Deployments.base()).getPort());
        socket.setSoTimeout((int) LONGEST.toMillis());
        return new Wire(socket);
    }

    /** @return this */
    Wire send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The first line of the reply; empty when the server closed the connection without one. */
    String status() throws IOException {
        var line = new StringBuilder();
        try {
            for (int read = socket.getInputStream().read();
                    read >= 0 && read != '\r';
                    read = socket.getInputStream().read()) {
                line.append((char) read);
            }
        } catch (SocketException reset) {
            return line.toString();
        }
        return line.toString();
    }

    /** Sends one more byte, and looks whether the server has begun to reply by now. */
    boolean isAnswered() throws IOException {
        socket.getOutputStream().write('x');
        return socket.getInputStream().available() > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
