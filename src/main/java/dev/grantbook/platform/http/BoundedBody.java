package dev.grantbook.platform.http;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Body of a reply that fails when it is longer than it may. */
public final class BoundedBody extends FilterInputStream {

    private final Closeable source;
    private long left;

    /** @param source what is closed with the body */
    BoundedBody(InputStream in, long largest, Closeable source) {
        super(in);
        this.left = largest;
        this.source = source;
    }

    public BoundedBody(InputStream in, long largest) {
        this(in, largest, in);
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
        source.close();
    }

    private void count(int read) throws IOException {
        left -= read;
        if (left < 0) {
            throw new IOException("the reply is larger than it may be");
        }
    }
}
