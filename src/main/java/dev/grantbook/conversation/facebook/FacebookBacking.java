package dev.grantbook.conversation.facebook;

import dev.grantbook.platform.config.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The page that Messenger's log-in button opens, with an invitation and Messenger's redirect URI. Changes nothing,
 * since Messenger fetches links for previews.
 */
@Named("facebook")
@RequestScoped
public class FacebookBacking {

    @Inject
    HttpServletRequest request;

    @Inject
    Settings settings;

    private @Nullable String redirectUri;

    @PostConstruct
    void read() {
        String[] given = request.getParameterValues("redirect_uri");
        if (given != null && given.length == 1) {
            redirectUri = FacebookRedirect.parse(given[0], settings.sandbox().enabled())
                    .map(redirect -> redirect.address().toString())
                    .orElse(null);
        }
        if (redirectUri == null) {
            FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .setResponseStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    /** Whether Messenger opened the page; the button is for Messenger alone. */
    public boolean isOpened() {
        return redirectUri != null;
    }

    public @Nullable String getRedirectUri() {
        return redirectUri;
    }
}
