package dev.grantbook.notice;

import dev.grantbook.catalogue.dialect.WebhookSignature;
import dev.grantbook.connector.Connector;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;

/** Addresses to enter at a connector's provider, so that it sends notices. */
@ApplicationScoped
public class NoticeAddresses {

    @Inject
    Settings settings;

    /** Empty when the provider sends no webhooks. */
    public Optional<URI> webhook(Connector connector) {
        boolean taken = connector.provider().notices().webhook() != WebhookSignature.NONE;
        return taken ? Optional.of(address(connector, "webhook")) : Optional.empty();
    }

    /** Empty when the provider does not report removals of the app. */
    public Optional<URI> deauthorization(Connector connector) {
        return findSignedAddress(connector, "deauthorize");
    }

    /** Empty when the provider does not demand deletions. */
    public Optional<URI> deletion(Connector connector) {
        return findSignedAddress(connector, "deletion");
    }

    private Optional<URI> findSignedAddress(Connector connector, String path) {
        return connector.provider().notices().signedRequest()
                ? Optional.of(address(connector, path))
                : Optional.empty();
    }

    private URI address(Connector connector, String path) {
        return settings.publicUrl("/notices/" + connector.id() + "/" + path);
    }
}
