package dev.grantbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on 127.0.0.1 whose answers are no HTTP, and hold what databases refuse and terminals obey. */
public final class Garbler implements AutoCloseable {

    private final ServerSocket socket;

    /** Open until the end: a connection that is closed before all was read takes its answer with it. */
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    public Garbler() {
        try {
            socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new Thread(this::answer, "garbler").start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/told");
    }

    private void answer() {
        try {
            while (!socket.isClosed()) {
                Socket client = socket.accept();
                clients.add(client);
                client.getOutputStream().write("H\0\u001b[31m\u009b31m\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // Closed: nobody asks any more.
            clients.clear();
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        socket.close();
    }
}
