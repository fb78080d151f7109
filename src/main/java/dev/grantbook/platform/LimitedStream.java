package dev.grantbook.platform;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that breaks off when it is longer than it may be, so that nobody takes its beginning for the whole. */
public final class LimitedStream extends FilterInputStream {

    private final long largest;
    private long left;

    /** @param largest bytes */
    public LimitedStream(InputStream in, long largest) {
        super(in);
        this.largest = largest;
        this.left = largest;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            count(1);
        }
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int read) throws IOException {
        left -= read;
        if (left < 0) {
            throw new IOException("more than " + largest + " bytes");
        }
    }
}
