package dev.grantbook.platform.problem;

import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.observability.Trace;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes an error to the caller's program (RFC 9457).
 *
 * @param slug stable end of the {@code type}: {@code urn:grantbook:problem:SLUG}
 * @param detail why, and what would be right; never a secret
 * @param faults fields at fault; empty when the error is not about fields
 * @param retryAt when the same request may succeed; null when that is not known
 */
public record Problem(
        int status,
        String slug,
        String title,
        String detail,
        List<FieldFault> faults,
        @Nullable Instant retryAt) {

    /** Ends a request with a {@link Problem}. */
    public static class ProblemException extends RuntimeException {

        private final transient Problem problem;

        private ProblemException(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    public record FieldFault(String field, String reason) {}

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "The request cannot be used"),
            Map.entry(401, "An API key is needed"),
            Map.entry(403, "Not allowed"),
            Map.entry(404, "Not found"),
            Map.entry(405, "This method does not work here"),
            Map.entry(406, "This format is not available"),
            Map.entry(408, "The request took too long to arrive"),
            Map.entry(409, "Not possible as things are"),
            Map.entry(410, "No longer available"),
            Map.entry(412, "No longer as the request says"),
            Map.entry(413, "The request is too large"),
            Map.entry(415, "This format is not understood"),
            Map.entry(422, "The request contradicts itself"),
            Map.entry(429, "Too many requests"),
            Map.entry(500, "Something broke on our side"),
            Map.entry(502, "The provider cannot be reached"),
            Map.entry(503, "Not available right now"),
            Map.entry(504, "The provider did not answer in time"));

    /** The problem of a status about which nothing more is known. */
    static Problem standard(int status) {
        return switch (status) {
            case 403 -> of(403, "forbidden", "You may not do this here.");
            case 404 -> of(404, "not-found", "There is nothing at this address.");
            case 405 -> of(405, "method-not-allowed", "This address does not answer this method.");
            case 406 -> of(406, "not-acceptable", "Replies are application/json.");
            case 415 ->
                of(
                        415,
                        "unsupported-media-type",
                        "The API takes application/json, and forms are application/x-www-form-urlencoded.");
            case 413 -> of(413, "too-large", "The request is larger than anything we need.");
            default ->
                status < 500
                        ? of(status, "invalid-request", "The request is not well-formed.")
                        : of(status, "internal", "Nothing was stored. Please try again in a moment.");
        };
    }

    public static Problem of(int status, String slug, String detail) {
        return new Problem(status, slug, TITLES.getOrDefault(status, "The request failed"), detail, List.of(), null);
    }

    /** A 400 that names the field at fault. */
    public static Problem field(String field, String reason) {
        return fields(List.of(new FieldFault(field, reason)));
    }

    /** A 400 that names the field at fault, with a slug by which programs distinguish this reason from others. */
    public static Problem field(String slug, String field, String reason) {
        return fields(slug, List.of(new FieldFault(field, reason)));
    }

    public static Problem tooLarge(long limit) {
        return of(413, "too-large", "A body may have " + limit + " bytes at most.");
    }

    public static Problem fields(List<FieldFault> faults) {
        return fields("invalid-request", faults);
    }

    private static Problem fields(String slug, List<FieldFault> faults) {
        FieldFault first = faults.get(0);
        Problem problem = of(400, slug, first.field() + ": " + first.reason());
        return new Problem(problem.status, problem.slug, problem.title, problem.detail, faults, null);
    }

    /** Adds when to try again. */
    public Problem until(@Nullable Instant moment) {
        return new Problem(status, slug, title, detail, faults, moment);
    }

    /** Seconds to wait, rounded up; null when that is not known. */
    @Nullable
    Long retryAfter(Instant now) {
        return retryAt == null
                ? null
                : Math.max(1, Duration.between(now, retryAt).plusMillis(999).toSeconds());
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** Writes the problem with the id of the {@link Trace}, by which an operator finds it in the log. */
    public JsonObject toJson() {
        return RecordJson.write(new ProblemJson(
                "urn:grantbook:problem:" + slug,
                title,
                status,
                detail,
                faults.isEmpty() ? null : faults.get(0).field(),
                faults.isEmpty()
                        ? null
                        : faults.stream()
                                .map(fault -> new ProblemErrorJson(fault.field(), fault.reason()))
                                .toList(),
                Trace.current()));
    }

    private record ProblemJson(
            String type,
            String title,
            int status,
            String detail,
            @Nullable String field,
            @Nullable List<ProblemErrorJson> errors,
            @Nullable String trace) {}

    private record ProblemErrorJson(String field, String detail) {}
}
