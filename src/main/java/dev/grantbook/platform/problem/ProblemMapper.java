package dev.grantbook.platform.problem;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Whatever a resource throws reaches the caller as a problem: JSON for programs, a page for browsers. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {

    @Context
    HttpHeaders headers;

    @Context
    HttpServletRequest request;

    @Inject
    Clock clock;

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return render(known.problem(), null);
        }
        if (failure instanceof WebApplicationException standard
                && standard.getResponse().getStatus() < 500) {
            return render(standard(standard.getResponse().getStatus()), standard.getResponse());
        }
        if (failure instanceof ProcessingException && !isReadable()) {
            return render(
                    Problem.field(
                            "Accept", "not a list of media types like application/json (RFC 9110 section 12.5.1)"),
                    null);
        }
        return render(Fault.of(failure), null);
    }

    private boolean isReadable() {
        try {
            return !headers.getAcceptableMediaTypes().isEmpty();
        } catch (ProcessingException e) {
            return false;
        }
    }

    /** What a status says when nothing else is known. */
    static Problem standard(int status) {
        return switch (status) {
            case 403 -> Problem.of(403, "forbidden", "You may not do this here.");
            case 404 -> Problem.of(404, "not-found", "There is nothing at this address.");
            case 405 -> Problem.of(405, "method-not-allowed", "This address does not answer this method.");
            case 406 -> Problem.of(406, "not-acceptable", "Replies are application/json.");
            case 415 ->
                Problem.of(
                        415,
                        "unsupported-media-type",
                        "The API takes application/json, and forms are application/x-www-form-urlencoded.");
            case 413 -> Problem.of(413, "too-large", "The request is larger than anything we need.");
            default ->
                status < 500
                        ? Problem.of(status, "invalid-request", "The request is not well-formed.")
                        : Problem.of(status, "internal", "Nothing was stored. Please try again in a moment.");
        };
    }

    private Response render(Problem problem, @Nullable Response origin) {
        var response = Response.status(problem.status())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.RETRY_AFTER, problem.retryAfter(clock.instant()));
        if (origin != null && origin.getHeaderString(HttpHeaders.ALLOW) != null) {
            response.header(HttpHeaders.ALLOW, origin.getHeaderString(HttpHeaders.ALLOW));
        }
        if (problem.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"grantbook\"");
        }
        return ErrorPage.isBrowser(request)
                ? response.type(MediaType.TEXT_HTML + ";charset=UTF-8")
                        .entity(ProblemPage.write(problem, request))
                        .build()
                : response.type("application/problem+json")
                        .entity(problem.toJson().toString())
                        .build();
    }
}
