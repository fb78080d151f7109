package dev.grantbook.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The console's page for 403 and 404, which the server's error page forwards to. */
@Named("problemSheet")
@RequestScoped
public class ProblemBacking {

    @Inject
    HttpServletRequest request;

    /** Called before the page is shown: at its own address there is no page. */
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
