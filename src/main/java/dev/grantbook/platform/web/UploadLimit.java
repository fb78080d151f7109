package dev.grantbook.platform.web;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.GivenParameters;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.Dependent;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time of a whole request body, so that slow senders do not hold threads: the server limits each piece only.
 * Reading a late body fails, and its connection is closed.
 *
 * <p>{@code Upgrade} with a body is refused at once: the server waits for more of it than {@code Content-Length} says.
 */
@Dependent
public class UploadLimit extends HttpFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Bodies that go on to a provider have as much time as the call. */
    private static final String PROXY = "/api/v1/proxy/";

    private static final String FORM = "application/x-www-form-urlencoded";

    /** Bytes; servers' own limit of a form. */
    private static final int LARGEST_FORM = 2 * 1024 * 1024;

    @Inject
    Settings settings;

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
        String address = Routes.address(request);
        var timed = new Timed(request, response, limit(address));
        boolean form = isPage(address)
                && String.valueOf(request.getContentType())
                        .toLowerCase(Locale.ROOT)
                        .startsWith(FORM);
        chain.doFilter(form ? new GivenParameters(timed, readForm(timed)) : timed, response);
    }

    /** Reads the fields here: the server would read them past the time limit. */
    private static Map<String, String[]> readForm(HttpServletRequest request) throws IOException {
        String query = Objects.requireNonNullElse(request.getQueryString(), "");
        byte[] body = RequestBody.read(request.getInputStream(), LARGEST_FORM);
        try {
            Parameters all = Parameters.parse(query + "&" + new String(body, StandardCharsets.UTF_8));
            var fields = new LinkedHashMap<String, String[]>();
            all.names().forEach(name -> fields.put(name, all.all(name).toArray(String[]::new)));
            return fields;
        } catch (IllegalArgumentException e) {
            throw Problem.field("body", "must be percent-encoded UTF-8").exception();
        }
    }

    private Duration limit(String address) {
        Duration usual = settings.uploadTimeout();
        Duration call = settings.proxy().timeout();
        return address.startsWith(PROXY) && call.compareTo(usual) > 0 ? call : usual;
    }

    private static boolean isPage(String address) {
        return address.equals("/sign-in") || address.equals("/console") || address.startsWith("/console/");
    }

    /** Fails to read the body once its time is over. */
    private static final class Timed extends HttpServletRequestWrapper {

        private final HttpServletResponse response;
        private final long end;
        private @Nullable ServletInputStream in;

        Timed(HttpServletRequest request, HttpServletResponse response, Duration limit) {
            super(request);
            this.response = response;
            this.end = System.nanoTime() + limit.toNanos();
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream known = in;
            if (known == null) {
                known = new TimedBody(super.getInputStream(), this::check);
                in = known;
            }
            return known;
        }

        private void check() {
            if (System.nanoTime() - end > 0) {
                if (!response.isCommitted()) {
                    response.setHeader("Connection", "close");
                }
                throw Problem.of(408, "body-too-slow", "The body took too long to arrive.")
                        .exception();
            }
        }
    }

    private static final class TimedBody extends ServletInputStream {

        private final ServletInputStream target;
        private final Runnable check;

        TimedBody(ServletInputStream target, Runnable check) {
            this.target = target;
            this.check = check;
        }

        @Override
        public int read() throws IOException {
            int read = target.read();
            if (read >= 0) {
                check.run();
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = target.read(bytes, offset, length);
            if (read >= 0) {
                check.run();
            }
            return read;
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
