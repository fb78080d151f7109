package dev.grantbook.console;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The connectors as they are declared. Read only: the operator's file is where they are changed. Secrets never show. */
@Named("connectorList")
@RequestScoped
public class ConnectorsBacking {

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    /** A feature and the permissions it needs. */
    public record FeatureLine(String name, boolean essential, List<ScopeName> required, List<ScopeName> optional) {}

    public List<Connector> getAll() {
        return connectors.all();
    }

    public String name(Connector connector) {
        return connector.name().in(say.locale());
    }

    /** What to register at the provider. */
    public URI redirectUri(Connector connector) {
        return connectors.redirectUri(connector);
    }

    public String confirmation(Connector connector) {
        return say.of("confirmation." + connector.confirmation().name().toLowerCase(Locale.ROOT));
    }

    public List<FeatureLine> features(Connector connector) {
        Locale locale = say.locale();
        Optional<Connector> known = Optional.of(connector);
        return connector.features().stream()
                .map(feature -> new FeatureLine(
                        feature.name().in(locale),
                        feature.essential(),
                        ScopeName.of(feature.required(), known, locale),
                        ScopeName.of(feature.optional(), known, locale)))
                .toList();
    }
}
