package dev.grantbook.sandbox;

import dev.grantbook.provider.Provider;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What Mixin's page on authorizations shows, for every account of the sandbox. */
@Named("mixinAuthorizations")
@RequestScoped
public class MixinAuthorizationsBacking {

    @Inject
    Mixin mixin;

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    /**
     * What a bot holds of an account.
     *
     * @param bot its name, or its client id when no connector has that any more
     * @param permissions what was granted last
     */
    public record Line(String clientId, String bot, List<String> permissions, Instant since) {}

    public SandboxAccount[] getAccounts() {
        return SandboxAccount.values();
    }

    public List<Line> of(SandboxAccount account) {
        Map<String, SandboxAuthorization> latest = new LinkedHashMap<>();
        authorizations
                .of(Mixin.ID, account)
                .forEach(authorization -> latest.putIfAbsent(authorization.clientId(), authorization));
        return latest.values().stream().map(this::line).toList();
    }

    private Line line(SandboxAuthorization authorization) {
        Locale locale = FacesContext.getCurrentInstance().getViewRoot().getLocale();
        Provider descriptor = mixin.descriptor();
        String clientId = authorization.clientId();
        return new Line(
                clientId,
                clients.find(Mixin.CONSENT, clientId)
                        .map(client -> client.name().in(locale))
                        .orElse(clientId),
                authorization.scopes().toList().stream()
                        .map(scope -> descriptor.nameOf(scope, locale))
                        .toList(),
                authorization.createdAt());
    }
}
