package dev.grantbook.apikey;

import dev.grantbook.apikey.RepeatableRequests.Known;
import dev.grantbook.apikey.RepeatableRequests.StoredAnswer;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.platform.web.RequestBody;
import dev.grantbook.platform.web.RestApplication;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.TransactionalException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a POST with an {@code Idempotency-Key} once, and replays its answer for a day
 * (draft-ietf-httpapi-idempotency-key-header). Faults of ours, and refusals that may change (403, 409), are not stored,
 * so that a repeat can succeed; nor is an answer with a token, which would outlive its grant: it can be requested
 * again.
 */
@Provider
@Priority(Priorities.AUTHORIZATION)
public class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class.getName());

    private static final String HEADER = "Idempotency-Key";

    /** A token, or the draft's quoted string. */
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    /** The proxy passes the key on to the provider. */
    private static final String PROXY = "proxy/";

    private static final String STARTED = IdempotencyFilter.class.getName();

    /** Attempts to be the first, before the bot must retry. */
    private static final int LOOKS = 3;

    /** Bytes; the largest body of any POST. */
    private static final int LARGEST_REQUEST = 1024 * 1024;

    /** Characters; longer answers are lists, which can be requested again. */
    private static final int LARGEST_ANSWER = 64 * 1024;

    @Inject
    RepeatableRequests requests;

    @Inject
    Caller caller;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        List<String> headers = request.getHeaders().get(HEADER);
        String path = RestApplication.relative(request.getUriInfo().getPath());
        if (headers == null || !request.getMethod().equals(HttpMethod.POST) || path.startsWith(PROXY)) {
            return;
        }
        if (headers.size() > 1 || !KEY.matcher(headers.get(0)).matches()) {
            throw Problem.field(HEADER, "must be one key of 1 to 255 visible ASCII characters")
                    .exception();
        }
        byte[] body = RequestBody.read(request.getEntityStream(), LARGEST_REQUEST);
        request.setEntityStream(new ByteArrayInputStream(body));
        String id = new Secret(caller.actor() + "\n" + headers.get(0)).hash();
        String hash = new Secret(request.getUriInfo().getRequestUri().getRawPath() + "\n"
                        + request.getUriInfo().getRequestUri().getRawQuery() + "\n"
                        + new String(body, StandardCharsets.ISO_8859_1))
                .hash();
        Optional<Known> known = start(id, hash);
        if (known.isPresent()) {
            answer(request, known.get());
        } else {
            request.setProperty(STARTED, id);
        }
    }

    /** Returns the answer of an earlier request; empty when this one may run now. */
    Optional<Known> start(String id, String hash) {
        for (int look = 0; look < LOOKS; look++) {
            Optional<Known> known = requests.find(id, hash);
            if (known.isPresent() || starts(id, hash, look == LOOKS - 1 ? Level.WARNING : Level.FINE)) {
                return known;
            }
        }
        throw running();
    }

    /**
     * Fails when another call was first. That one may have ended since, without an answer to store.
     *
     * @param level of the log: a record that is never found may have another reason
     */
    private boolean starts(String id, String hash, Level level) {
        try {
            requests.start(id, hash);
            return true;
        } catch (PersistenceException | TransactionalException e) {
            FaultLog.write(LOG, level, "another call with the same key was first, or none can be kept", e);
            return false;
        }
    }

    private static ProblemException running() {
        return Problem.of(409, "idempotency-key-running", "The same request is still running. Ask again in a moment.")
                .exception();
    }

    private static void answer(ContainerRequestContext request, Known known) {
        if (!known.same()) {
            throw Problem.of(
                            422,
                            "idempotency-key-reused",
                            "This " + HEADER + " came with another request before; each request needs its own.")
                    .exception();
        }
        StoredAnswer answer = known.answer();
        if (answer == null) {
            throw running();
        }
        var response = Response.status(answer.status())
                .header("Idempotency-Replayed", "true")
                .header(HttpHeaders.LOCATION, answer.location());
        if (answer.body() != null) {
            response.entity(answer.body())
                    .type(answer.status() < 400 ? MediaType.APPLICATION_JSON : "application/problem+json");
        }
        request.abortWith(response.build());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Object id = request.getProperty(STARTED);
        if (id == null) {
            return;
        }
        try {
            finish((String) id, response);
        } catch (RuntimeException e) {
            // The work is done, and the bot needs its answer.
            FaultLog.write(LOG, Level.WARNING, "an answer could not be kept for a repeated request", e);
        }
    }

    private void finish(String id, ContainerResponseContext response) {
        Object entity = response.getEntity();
        boolean kept = isLasting(response.getStatus())
                && (entity == null || isJson(response.getMediaType()))
                && (entity == null || entity instanceof String || entity instanceof JsonObject)
                && String.valueOf(entity).length() <= LARGEST_ANSWER
                && !(entity instanceof JsonObject json && holdsToken(json));
        if (kept) {
            requests.storeAnswer(
                    id,
                    new StoredAnswer(
                            response.getStatus(),
                            response.getHeaderString(HttpHeaders.LOCATION),
                            entity == null ? null : entity.toString()));
        } else {
            requests.forget(id);
        }
    }

    private static boolean isLasting(int status) {
        return status < 500
                && status != Response.Status.FORBIDDEN.getStatusCode()
                && status != Response.Status.CONFLICT.getStatusCode();
    }

    /** Problems are pages for browsers. */
    private static boolean isJson(@Nullable MediaType type) {
        return type != null && type.getSubtype().endsWith("json");
    }

    private static boolean holdsToken(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object.containsKey("access_token")
                    || object.containsKey("authorization")
                    || object.values().stream().anyMatch(IdempotencyFilter::holdsToken);
        }
        return value instanceof JsonArray array && array.stream().anyMatch(IdempotencyFilter::holdsToken);
    }
}
