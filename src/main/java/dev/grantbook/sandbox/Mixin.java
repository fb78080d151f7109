package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.provider.Provider;
import dev.grantbook.provider.ProviderCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The emulated Mixin: which scopes it knows, and which bots. */
@ApplicationScoped
class Mixin {

    /** In the catalogue, and for what is kept here. */
    static final String ID = "mixin";

    static final String CONSENT = "/sandbox/mixin/oauth/authorize";

    static final String AUTHORIZATIONS = "/sandbox/mixin/authorizations";

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    SandboxClients clients;

    Provider descriptor() {
        return catalogue.find(ID).orElseThrow();
    }

    /** @throws MixinRefusal when the consent page would show an error */
    MixinAuthorizationRequest read(Parameters parameters) {
        Provider mixin = descriptor();
        return MixinAuthorizationRequest.parse(
                parameters, Scopes.of(mixin.catalogue().keySet()), mixin.always());
    }

    /** @throws MixinRefusal when no such bot is registered */
    Connector client(String clientId) {
        return clients.find(CONSENT, clientId)
                .orElseThrow(() -> MixinRefusal.invalid("client_id", "no bot has this client_id."));
    }
}
