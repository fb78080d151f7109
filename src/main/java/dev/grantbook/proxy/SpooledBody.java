package dev.grantbook.proxy;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds a body that has arrived whole: its beginning in memory, and the rest in a temporary file. The file is deleted
 * when it is closed, at the latest when the process ends; POSIX systems remove its name as soon as it is open.
 */
final class SpooledBody implements StreamingOutput, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SpooledBody.class.getName());

    /** Most bytes that stay in memory. */
    static final int IN_MEMORY = 256 * 1024;

    private static final int CHUNK = 64 * 1024;

    private final byte[] beginning;
    private final @Nullable FileChannel rest;
    private final long length;

    private SpooledBody(byte[] beginning, @Nullable FileChannel rest, long length) {
        this.beginning = beginning;
        this.rest = rest;
        this.length = length;
    }

    /**
     * Reads a body to its end.
     *
     * @throws IOException when the body breaks off
     * @throws UncheckedIOException when the file cannot be written
     */
    static SpooledBody of(InputStream in) throws IOException {
        return of(in, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static SpooledBody of(InputStream in, Path directory) throws IOException {
        byte[] beginning = in.readNBytes(IN_MEMORY);
        byte[] chunk = in.readNBytes(CHUNK);
        if (chunk.length == 0) {
            return new SpooledBody(beginning, null, beginning.length);
        }
        FileChannel rest = open(directory);
        try {
            long length = beginning.length;
            while (chunk.length > 0) {
                write(rest, chunk);
                length += chunk.length;
                chunk = in.readNBytes(CHUNK);
            }
            return new SpooledBody(beginning, rest, length);
        } catch (IOException | UncheckedIOException e) {
            close(rest);
            throw e;
        }
    }

    private static FileChannel open(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "grantbook-reply-", null);
            try {
                return FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            } catch (IOException e) {
                Files.delete(file);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(FileChannel file, byte[] chunk) {
        try {
            for (var left = ByteBuffer.wrap(chunk); left.hasRemaining(); ) {
                file.write(left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The part in memory, at most {@value #IN_MEMORY} bytes. */
    byte[] beginning() {
        return beginning;
    }

    /** In bytes. */
    long length() {
        return length;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        out.write(beginning);
        if (rest != null) {
            Channels.newInputStream(rest.position(0)).transferTo(out);
        }
    }

    @Override
    public void close() {
        if (rest != null) {
            close(rest);
        }
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the temporary file of a reply cannot be closed", e);
        }
    }
}
