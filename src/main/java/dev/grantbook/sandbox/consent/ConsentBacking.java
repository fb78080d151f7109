package dev.grantbook.sandbox.consent;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An emulated provider's consent page. */
@Named("sandboxConsent")
@RequestScoped
public class ConsentBacking {

    /** Request attribute: the {@link Dialect} of the page. */
    public static final String DIALECT = "grantbook.sandbox.dialect";

    /** Request attribute: the {@link ConsentQuestion}, or the {@link ConsentRefusal} in its place. */
    public static final String READING = "grantbook.sandbox.reading";

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    HttpServletRequest http;

    private @Nullable Dialect dialect;
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
        dialect = (Dialect) http.getAttribute(DIALECT);
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

    /** Whether the request is valid; otherwise the page never sends the user back. */
    public boolean isSound() {
        return ask != null;
    }

    public String getErrorCode() {
        return Objects.requireNonNull(refusal).code();
    }

    public String getErrorDescription() {
        return Objects.requireNonNull(refusal).description();
    }

    public String getProvider() {
        return descriptor().name();
    }

    /** Address that the buttons post to. */
    public String getTarget() {
        return http.getContextPath() + SandboxClients.HOME
                + Objects.requireNonNull(dialect).id() + "/consent";
    }

    /** The page's own query, which the buttons post along. */
    public @Nullable String getRequest() {
        return http.getQueryString();
    }

    public String getBot() {
        return readQuestion().request().client().name().in(locale());
    }

    public SandboxAccount[] getAccounts() {
        return SandboxAccount.values();
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

    private Provider descriptor() {
        return catalogue.find(Objects.requireNonNull(dialect).id()).orElseThrow();
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
