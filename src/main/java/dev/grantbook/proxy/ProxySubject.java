package dev.grantbook.proxy;

import dev.grantbook.oauth.Percent;
import dev.grantbook.platform.problem.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose token a call through the proxy takes. No path can have every subject: servers refuse a slash there, encoded or
 * not, and take dots for a way up. Such a subject comes in a header, and its segment is a dash.
 */
final class ProxySubject {

    static final String HEADER = "Grantbook-Subject";

    private static final String IN_HEADER = "-";

    /** What else there is stands encoded, since nobody knows in which charset a header is. */
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private ProxySubject() {}

    /**
     * @param segment of the path, decoded
     * @param header all there are of this name; null for none
     * @throws dev.grantbook.platform.problem.Problem.ProblemException naming the header that cannot be used
     */
    static String of(String segment, @Nullable List<String> header) {
        if (header == null || header.isEmpty()) {
            return segment;
        }
        if (!segment.equals(IN_HEADER)) {
            throw Problem.field(HEADER, "counts in place of the subject in the path, which must then be " + IN_HEADER)
                    .exception();
        }
        if (header.size() > 1 || !VISIBLE.matcher(header.get(0)).matches()) {
            throw Problem.field(HEADER, "must be one subject, percent-encoded as in a path")
                    .exception();
        }
        try {
            return Percent.decode(header.get(0));
        } catch (IllegalArgumentException e) {
            throw Problem.field(HEADER, "must be percent-encoded UTF-8").exception();
        }
    }
}
