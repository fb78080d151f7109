package dev.grantbook.platform.web;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps senders of slow bodies from holding threads: a body has a time limit as a whole, after which its connection is closed,
 * whoever reads it. The server's own limit is for each piece, so that one byte now and then would hold a thread for ever.
 *
 * <p>{@code Upgrade} with a body is refused at once: the server waits for more of it than {@code Content-Length} says.
 */
public class UploadLimit extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Bodies here go on to a provider, and have the time that the call has. */
    private static final String PROXY = "/api/v1/proxy/";

    @Inject
    transient Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (request.getHeader("Upgrade") != null && (body || !READING.contains(request.getMethod()))) {
            response.setHeader("Connection", "close");
            throw Problem.field("Upgrade", "cannot be asked for with a body; send the request without this header")
                    .exception();
        }
        if (!body) {
            chain.doFilter(request, response);
            return;
        }
        String address =
                request.getRequestURI().substring(request.getContextPath().length());
        var whole =
                new CompletableFuture<@Nullable Void>().orTimeout(limit(address).toMillis(), TimeUnit.MILLISECONDS);
        var unused = whole.whenComplete((end, over) -> {
            if (over instanceof TimeoutException) {
                BreakOff.now(response);
            }
        });
        try {
            if (isPage(address)) {
                // Faces has the server read its forms, which is out of sight; what follows may take its time.
                request.getParameterMap();
                whole.complete(null);
            }
            chain.doFilter(new Timed(request, whole), response);
        } finally {
            whole.complete(null);
        }
    }

    private Duration limit(String address) {
        Duration usual = settings.uploadTimeout();
        Duration call = settings.proxyTimeout();
        return address.startsWith(PROXY) && call.compareTo(usual) > 0 ? call : usual;
    }

    private static boolean isPage(String address) {
        return address.equals("/sign-in") || address.equals("/console") || address.startsWith("/console/");
    }

    /** Tells when the body has been read. */
    private static final class Timed extends HttpServletRequestWrapper {

        private final CompletableFuture<@Nullable Void> whole;
        private @Nullable ServletInputStream in;

        Timed(HttpServletRequest request, CompletableFuture<@Nullable Void> whole) {
            super(request);
            this.whole = whole;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream known = in;
            if (known == null) {
                known = new Counted(super.getInputStream(), getContentLengthLong(), whole);
                in = known;
            }
            return known;
        }
    }

    private static final class Counted extends ServletInputStream {

        private final ServletInputStream target;
        private final CompletableFuture<@Nullable Void> whole;

        /** Bytes; negative when nobody said. */
        private long left;

        Counted(ServletInputStream target, long length, CompletableFuture<@Nullable Void> whole) {
            this.target = target;
            this.left = length;
            this.whole = whole;
        }

        @Override
        public int read() throws IOException {
            int read = target.read();
            count(read < 0 ? -1 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = target.read(bytes, offset, length);
            count(read);
            return read;
        }

        private void count(int read) {
            if (left > 0 && read > 0) {
                left -= read;
            }
            if (read < 0 || left == 0) {
                whole.complete(null);
            }
        }

        @Override
        public int available() throws IOException {
            return target.available();
        }

        @Override
        public boolean isFinished() {
            return target.isFinished();
        }

        @Override
        public boolean isReady() {
            return target.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            target.setReadListener(listener);
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}
