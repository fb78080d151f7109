package dev.grantbook.platform.http;

import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** Sends a body while it still arrives. */
final class UploadEntity extends AbstractHttpEntity {

    /** Bytes of one piece. */
    private static final int PIECE = 16 * 1024;

    private final InputStream in;
    private final long length;
    private final long largest;
    private final Runnable abort;

    /**
     * @param length bytes of the body; negative when unknown
     * @param largest bytes that it may have
     * @param abort ends the call at once
     */
    UploadEntity(InputStream in, long length, long largest, Runnable abort) {
        // The request's own headers say what it is.
        super((String) null, null, length < 0);
        this.in = in;
        this.length = length;
        this.largest = largest;
        this.abort = abort;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public InputStream getContent() {
        return in;
    }

    /** @throws ProblemException when the body is too long, or breaks off */
    @Override
    public void writeTo(OutputStream out) throws IOException {
        long left = largest;
        byte[] piece = new byte[PIECE];
        int read = read(piece);
        while (read >= 0) {
            left -= read;
            if (left < 0) {
                throw abandon(Problem.tooLarge(largest));
            }
            out.write(piece, 0, read);
            out.flush();
            read = read(piece);
        }
    }

    private int read(byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException e) {
            throw abandon(Problem.field("body", "broke off"));
        } catch (ProblemException e) {
            throw abandon(e.problem());
        }
    }

    private ProblemException abandon(Problem why) {
        // Before anybody writes the end of the body: the provider would take its beginning for the whole.
        abort.run();
        return why.exception();
    }

    /** The server owns the stream that is read. */
    @Override
    public void close() {}
}
