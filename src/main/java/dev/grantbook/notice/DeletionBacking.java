package dev.grantbook.notice;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.pages.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** The page that shows when a demanded deletion was done, without naming the account. */
@Named("deletion")
@RequestScoped
public class DeletionBacking {

    @Inject
    Deletions deletions;

    @Inject
    Texts text;

    @Inject
    HttpServletRequest request;

    private @Nullable Deletion deletion;

    @PostConstruct
    void look() {
        if (request.getAttribute(Routes.PART) instanceof String code) {
            deletion = deletions.find(new Secret(code)).orElse(null);
        }
        if (deletion == null) {
            FacesContext.getCurrentInstance().getExternalContext().setResponseStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public boolean isDone() {
        return deletion != null;
    }

    /** Empty for an unknown code. */
    public String getDay() {
        return deletion == null ? "" : text.day(deletion.doneAt());
    }
}
