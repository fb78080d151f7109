package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The administrator who sends the current request.
 *
 * @param session id of the {@link ConsoleSession}
 * @param role the one they have now
 * @param formToken what the forms of their pages send, and no other site knows
 * @param hasNotes whether notes wait for their next page
 */
public record SignedIn(String session, String name, String role, Secret formToken, boolean hasNotes) {

    private static final String ATTRIBUTE = "grantbook.signed-in";

    /** Bound to the session by its token, which only the browser has. */
    static Secret formToken(Secret token) {
        return new Secret(token.hmacSha256("forms"));
    }

    public static Optional<SignedIn> of(HttpServletRequest request) {
        return Optional.ofNullable((SignedIn) request.getAttribute(ATTRIBUTE));
    }

    /** Tells the rest of the request, its error page too, who sends it. */
    public void attach(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    public boolean isAdmin() {
        return role.equals(Role.ADMIN);
    }

    public boolean isAuditor() {
        return role.equals(Role.AUDITOR);
    }

    /** Compares in constant time. */
    public boolean hasSent(@Nullable String token) {
        return token != null
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8),
                        formToken.value().getBytes(StandardCharsets.UTF_8));
    }
}
