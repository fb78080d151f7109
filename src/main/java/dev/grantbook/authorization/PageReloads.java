package dev.grantbook.authorization;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

/**
 * How often a page has reloaded by itself: counted in its address ({@code ?look=3}), so that an open tab stops at last.
 */
public record PageReloads(int count) {

    public static final PageReloads NONE = new PageReloads(0);

    /** A minute, at a reload every two seconds. */
    private static final int MOST = 30;

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,2}");

    public static PageReloads from(HttpServletRequest request) {
        String look = request.getParameter("look");
        return look != null && COUNT.matcher(look).matches() ? new PageReloads(Integer.parseInt(look)) : NONE;
    }

    public boolean mayLookAgain() {
        return count < MOST;
    }

    public int next() {
        return count + 1;
    }
}
