package dev.grantbook.platform.pages;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whoever looks at a page, as far as the request tells. */
@Named
@RequestScoped
public class Visitor {

    @Inject
    HttpServletRequest request;

    /** What the browser asks for, among what we speak. */
    public Locale getLocale() {
        return locale(null);
    }

    /** @param wish goes before what the browser asks for; null for no wish */
    public Locale locale(@Nullable Locale wish) {
        return Languages.choose(wish, request.getHeader("Accept-Language"));
    }
}
