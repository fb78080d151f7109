package dev.grantbook.administrator;

import dev.grantbook.platform.config.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.annotation.WebListener;

/**
 * Restricts the session cookie as far as the public address allows: a proxy that ends TLS hides from the server that
 * browsers use https. {@code HttpOnly} is set in web.xml.
 */
@WebListener
public class SessionCookie implements ServletContextListener {

    @Inject
    Settings settings;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        SessionCookieConfig cookie = event.getServletContext().getSessionCookieConfig();
        if (settings.https()) {
            // Browsers enforce the rules of this prefix, which keeps neighbouring hosts from planting the cookie.
            cookie.setName("__Host-grantbook");
        }
        cookie.setPath("/");
        cookie.setSecure(settings.https());
        cookie.setAttribute("SameSite", "Lax");
    }
}
