package dev.grantbook.conversation.web;

import dev.grantbook.oauth.Percent;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Query of the redirect that ends a log-in page: {@code /authorize?redirect_uri=…&authorization_code=…}, as EngageOne
 * Converse describes it for its web client.
 *
 * <p>Pages build it in two ways. Those that follow the description append the code to the redirect URI and encode both
 * with {@code encodeURI}, which leaves {@code &} and {@code =} bare, so that the code, and every parameter of the
 * redirect URI but the first, look like parameters of this query. Others encode the redirect URI as a whole, with the
 * code inside. Neither writes a space as a plus sign, so that a plus sign is literal.
 *
 * @param target where the browser goes on to, without the code
 * @param code null when the log-in failed
 */
public record ConverseRedirect(String target, @Nullable String code) {

    private static final int LONGEST = 8192;

    private static final String TARGET = "redirect_uri=";
    private static final String CODE = "authorization_code=";
    private static final Pattern INSIDE = Pattern.compile("[?&]authorization_code=([^&#]*)");

    /** @return empty when the query is not one that a log-in page sends */
    static Optional<ConverseRedirect> parse(@Nullable String query) {
        if (query == null || query.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(read(query));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable ConverseRedirect read(String query) {
        StringBuilder target = null;
        String code = null;
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(CODE)) {
                if (code != null) {
                    return null;
                }
                code = Percent.decode(pair.substring(CODE.length()));
            } else if (target == null) {
                if (!pair.startsWith(TARGET)) {
                    return null;
                }
                target = new StringBuilder(Percent.decode(pair.substring(TARGET.length())));
            } else if (pair.startsWith(TARGET)) {
                return null;
            } else {
                target.append('&').append(Percent.decode(pair));
            }
        }
        return target == null || target.length() == 0 ? null : split(target.toString(), code);
    }

    /** Takes the code out of the redirect URI where it is inside. */
    private static @Nullable ConverseRedirect split(String whole, @Nullable String outside) {
        Matcher inside = INSIDE.matcher(whole);
        if (!inside.find()) {
            return new ConverseRedirect(whole, require(outside));
        }
        String code = Percent.decode(inside.group(1));
        String before = whole.substring(0, inside.start());
        String after = whole.substring(inside.end());
        if (outside != null || inside.find()) {
            return null;
        }
        // The next parameter takes the place of the code as the first.
        String rest = before.contains("?") || !after.startsWith("&") ? after : "?" + after.substring(1);
        return new ConverseRedirect(before + rest, require(code));
    }

    private static @Nullable String require(@Nullable String code) {
        return code == null || code.isEmpty() ? null : code;
    }

    /** Without the code, which is a secret. */
    @Override
    public String toString() {
        return target;
    }
}
