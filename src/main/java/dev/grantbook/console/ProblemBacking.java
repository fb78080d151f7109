package dev.grantbook.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Tells an administrator that a page is not there, or not for them. The server leads here from its error page. */
@Named("problemSheet")
@RequestScoped
public class ProblemBacking {

    @Inject
    HttpServletRequest request;

    /** Called before the page is shown: by its own address, it is no page. */
    public void check() {
        if (!isLed()) {
            AdministratorSession.refuse(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** {@code 403} or {@code 404}. */
    public String getStatus() {
        return isLed()
                ? String.valueOf(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                : String.valueOf(HttpServletResponse.SC_NOT_FOUND);
    }

    private boolean isLed() {
        return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
    }
}
