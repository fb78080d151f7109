package dev.grantbook.sandbox.consent;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An emulated provider's page on authorizations, with every account of the sandbox. */
@Named("sandboxAuthorizations")
@RequestScoped
public class AuthorizationsBacking {

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    HttpServletRequest http;

    private @Nullable Dialect dialect;

    /**
     * A bot's authorization of an account.
     *
     * @param bot its name, or its client id when no connector has it any more
     * @param permissions those that were granted last
     */
    public record AuthorizationLine(String clientId, String bot, List<AllowedPermission> permissions, Instant since) {}

    /** One permission, which can be withdrawn by itself. */
    public record AllowedPermission(String scope, String name) {}

    @PostConstruct
    void look() {
        dialect = (Dialect) http.getAttribute(ConsentBacking.DIALECT);
    }

    public String getProvider() {
        return descriptor().name();
    }

    /** Address that the buttons post to. */
    public String getTarget() {
        return http.getContextPath() + SandboxClients.HOME + id() + "/authorizations";
    }

    public SandboxAccount[] getAccounts() {
        return SandboxAccount.values();
    }

    public List<AuthorizationLine> of(SandboxAccount account) {
        Map<String, SandboxAuthorization> latest = new LinkedHashMap<>();
        authorizations
                .of(id(), account)
                .forEach(authorization -> latest.putIfAbsent(authorization.clientId(), authorization));
        return latest.values().stream().map(this::line).toList();
    }

    private AuthorizationLine line(SandboxAuthorization authorization) {
        Locale locale = FacesContext.getCurrentInstance().getViewRoot().getLocale();
        String clientId = authorization.clientId();
        return new AuthorizationLine(
                clientId,
                clients.at(id(), clientId)
                        .map(client -> client.name().in(locale))
                        .orElse(clientId),
                authorization.scopes().toList().stream()
                        .map(scope -> new AllowedPermission(
                                scope, descriptor().catalogue().nameOf(scope, locale)))
                        .toList(),
                authorization.createdAt());
    }

    private String id() {
        return Objects.requireNonNull(dialect).id();
    }

    private Provider descriptor() {
        return catalogue.find(id()).orElseThrow();
    }
}
