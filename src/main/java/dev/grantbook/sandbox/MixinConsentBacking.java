package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.provider.Provider;
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

/** What Mixin's consent page shows. */
@Named("mixinConsent")
@RequestScoped
public class MixinConsentBacking {

    @Inject
    Mixin mixin;

    @Inject
    HttpServletRequest http;

    private @Nullable MixinAuthorizationRequest request;
    private @Nullable Connector client;
    private @Nullable MixinRefusal refusal;

    /**
     * A permission to tick.
     *
     * @param always whether it cannot be unticked
     */
    public record Permission(String scope, String name, String description, boolean always) {}

    @PostConstruct
    void read() {
        try {
            request = mixin.read(Parameters.parse(http.getQueryString()));
            client = mixin.client(request.clientId());
        } catch (MixinRefusal refused) {
            refuse(refused);
        } catch (IllegalArgumentException malformed) {
            refuse(MixinRefusal.badBody("the address is not well-formed."));
        }
    }

    private void refuse(MixinRefusal reason) {
        refusal = reason;
        FacesContext.getCurrentInstance().getExternalContext().setResponseStatus(HttpServletResponse.SC_BAD_REQUEST);
    }

    /** Whether the request can be shown; otherwise the page never calls back. */
    public boolean isSound() {
        return refusal == null;
    }

    public int getErrorCode() {
        return Objects.requireNonNull(refusal).code();
    }

    public String getErrorDescription() {
        return Objects.requireNonNull(refusal).description();
    }

    public String getBot() {
        return Objects.requireNonNull(client).name().in(locale());
    }

    public List<Permission> getPermissions() {
        Provider descriptor = mixin.descriptor();
        return Objects.requireNonNull(request).scopes().toList().stream()
                .map(scope -> new Permission(
                        scope,
                        descriptor.nameOf(scope, locale()),
                        descriptor.descriptionOf(scope, locale()),
                        descriptor.always().tokens().contains(scope)))
                .toList();
    }

    public SandboxAccount[] getAccounts() {
        return SandboxAccount.values();
    }

    public String getClientId() {
        return Objects.requireNonNull(request).clientId();
    }

    public @Nullable String getChallenge() {
        return Objects.requireNonNull(request).challenge();
    }

    public String getState() {
        return Objects.requireNonNull(request).state();
    }

    public @Nullable String getReturnTo() {
        return Objects.requireNonNull(request).returnTo();
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
