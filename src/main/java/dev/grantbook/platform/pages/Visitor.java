package dev.grantbook.platform.pages;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The visitor of the current page, as its request describes them. */
@Named
@ApplicationScoped
public class Visitor {

    @Inject
    HttpServletRequest request;

    /** The language that the browser prefers, of those that {@link Languages} knows. */
    public Locale getLocale() {
        return locale(null);
    }

    /** @param wish preferred over the browser's; null for none */
    public Locale locale(@Nullable Locale wish) {
        return Languages.choose(wish, request.getHeader("Accept-Language"));
    }
}
