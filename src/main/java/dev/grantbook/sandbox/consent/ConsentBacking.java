package dev.grantbook.sandbox.consent;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An emulated provider's consent page. */
@Named("sandboxConsent")
@RequestScoped
public class ConsentBacking extends DialectBacking {

    /** Request attribute: the {@link ConsentQuestion}, or the {@link ConsentRefusal} in its place. */
    public static final String READING = "grantbook.sandbox.reading";

    private @Nullable ConsentQuestion ask;
    private @Nullable ConsentRefusal refusal;

    /**
     * A permission to tick.
     *
     * @param fixed whether it cannot be unticked
     */
    public record ConsentPermission(String scope, String name, String description, boolean fixed) {}

    @PostConstruct
    void look() {
        Object reading = http.getAttribute(READING);
        if (reading instanceof ConsentQuestion read) {
            ask = read;
        } else {
            refusal = (ConsentRefusal) reading;
            FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .setResponseStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    /** Why the request is faulty; null when it is valid. */
    public @Nullable ConsentRefusal getRefusal() {
        return refusal;
    }

    /** The page's own query, which the buttons post along. */
    public @Nullable String getRequest() {
        return http.getQueryString();
    }

    public String getBot() {
        return readQuestion().request().client().name().in(locale());
    }

    public List<ConsentPermission> getPermissions() {
        Provider descriptor = descriptor();
        return readQuestion().scopes().toList().stream()
                .map(scope -> new ConsentPermission(
                        scope,
                        descriptor.catalogue().nameOf(scope, locale()),
                        descriptor.catalogue().descriptionOf(scope, locale()),
                        readQuestion().fixed().tokens().contains(scope)))
                .toList();
    }

    /** Whether no permission can be unticked. */
    public boolean isTogether() {
        return !readQuestion().scopes().isEmpty()
                && readQuestion().fixed().contains(readQuestion().scopes());
    }

    private ConsentQuestion readQuestion() {
        return Objects.requireNonNull(ask);
    }
}
