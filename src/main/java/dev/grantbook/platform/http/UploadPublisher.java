package dev.grantbook.platform.http;

import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

/**
 * Sends a body while it still arrives. Only the thread that has the request reads it: a server takes a request's stream
 * back when the request is over, and another thread that still reads would read the next one's.
 */
final class UploadPublisher implements BodyPublisher {

    /** Bytes of one piece. */
    private static final int PIECE = 16 * 1024;

    /** Pieces that may wait to be sent; then the sender waits. */
    private static final int AHEAD = 4;

    private final InputStream body;
    private final long length;
    private final long largest;
    private final SubmissionPublisher<ByteBuffer> pieces = new SubmissionPublisher<>(Runnable::run, AHEAD);
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();

    /** @param length bytes of the body; negative when unknown */
    UploadPublisher(InputStream body, long length, long largest) {
        this.body = body;
        this.length = length;
        this.largest = largest;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> receiver) {
        pieces.subscribe(receiver);
        wanted.complete(null);
    }

    /** Sends what arrives, until its end or the end of the call; throws a problem when it is too long or breaks off. */
    void pump(CompletableFuture<?> call) {
        CompletableFuture.anyOf(wanted, call.handle((reply, failure) -> true)).join();
        long left = largest;
        byte[] piece = new byte[PIECE];
        int read = read(piece);
        while (read >= 0 && !call.isDone()) {
            left -= read;
            if (left < 0) {
                throw abandon(Problem.tooLarge(largest));
            }
            send(ByteBuffer.wrap(Arrays.copyOf(piece, read)), call);
            read = read(piece);
        }
        pieces.close();
    }

    private void send(ByteBuffer piece, CompletableFuture<?> call) {
        // Only the call reports a receiver that is gone.
        while (!call.isDone() && pieces.offer(piece, 1, TimeUnit.SECONDS, (receiver, dropped) -> false) < 0) {}
    }

    private int read(byte[] piece) {
        try {
            return body.read(piece);
        } catch (IOException e) {
            throw abandon(Problem.field("body", "broke off"));
        } catch (ProblemException e) {
            throw abandon(e.problem());
        }
    }

    private ProblemException abandon(Problem why) {
        // Withholds the end of the body, so that the provider does not take its beginning for the whole.
        pieces.closeExceptionally(new IOException(why.detail()));
        return why.exception();
    }
}
