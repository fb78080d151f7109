package dev.grantbook.proxy;

import dev.grantbook.oauth.Percent;
import dev.grantbook.platform.problem.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Determines the subject of a proxied call. Servers refuse some subjects in a path, those with slashes or of dots; they
 * come in a header, and a dash takes their place in the path.
 */
final class ProxySubject {

    static final String HEADER = "Grantbook-Subject";

    private static final String IN_HEADER = "-";

    /** Other characters must be percent-encoded, since headers have no charset. */
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private ProxySubject() {}

    /**
     * @param segment of the path, decoded
     * @param header all values; null for none
     * @throws dev.grantbook.platform.problem.Problem.ProblemException for a header that cannot be used
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
