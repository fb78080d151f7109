package dev.grantbook.sandbox.consent;

import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An emulated provider's page on authorizations, with every account of the sandbox. */
@Named("sandboxAuthorizations")
@RequestScoped
public class AuthorizationsBacking extends DialectBacking {

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    /**
     * A bot's authorization of an account.
     *
     * @param bot its name, or its client id when no connector has it any more
     * @param permissions those that were granted last
     */
    public record AuthorizationLine(String clientId, String bot, List<AllowedPermission> permissions, Instant since) {}

    /** One permission, which can be withdrawn by itself. */
    public record AllowedPermission(String scope, String name) {}

    public List<AuthorizationLine> of(SandboxAccount account) {
        Map<String, SandboxAuthorization> latest = new LinkedHashMap<>();
        authorizations
                .of(id(), account)
                .forEach(authorization -> latest.putIfAbsent(authorization.clientId(), authorization));
        return latest.values().stream().map(this::line).toList();
    }

    private AuthorizationLine line(SandboxAuthorization authorization) {
        String clientId = authorization.clientId();
        return new AuthorizationLine(
                clientId,
                clients.at(id(), clientId)
                        .map(client -> client.name().in(locale()))
                        .orElse(clientId),
                authorization.scopes().toList().stream()
                        .map(scope -> new AllowedPermission(
                                scope, descriptor().catalogue().nameOf(scope, locale())))
                        .toList(),
                authorization.createdAt());
    }
}
