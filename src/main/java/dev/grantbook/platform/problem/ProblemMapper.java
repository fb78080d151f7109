package dev.grantbook.platform.problem;

import dev.grantbook.platform.problem.Problem.ProblemException;
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

/** Renders what a resource throws as a problem: JSON for programs, a page for browsers. */
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
            return render(Problem.standard(standard.getResponse().getStatus()), standard.getResponse());
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
        return ProblemPage.isWanted(request)
                ? response.type(MediaType.TEXT_HTML + ";charset=UTF-8")
                        .entity(ProblemPage.write(problem, request))
                        .build()
                : response.type("application/problem+json;charset=UTF-8")
                        .entity(problem.toJson().toString())
                        .build();
    }
}
