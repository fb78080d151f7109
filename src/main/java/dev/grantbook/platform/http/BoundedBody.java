package dev.grantbook.platform.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** Body of a reply that fails when it is longer, or takes longer, than it may. */
public final class BoundedBody extends FilterInputStream {

    private final CompletableFuture<?> timer;
    private long left;

    /** The timer fails when the time is over, and is cancelled when the body is closed. */
    BoundedBody(InputStream in, long largest, CompletableFuture<?> timer) {
        super(in);
        this.left = largest;
        this.timer = timer;
    }

    /** A body without a time limit. */
    public BoundedBody(InputStream in, long largest) {
        this(in, largest, new CompletableFuture<>());
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        count(next < 0 ? 0 : 1);
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        timer.cancel(false);
        super.close();
    }

    private void count(int read) throws IOException {
        left -= read;
        if (left < 0) {
            throw new IOException("the reply is larger than it may be");
        }
    }
}
