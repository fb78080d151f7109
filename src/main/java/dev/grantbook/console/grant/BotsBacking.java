package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.Option;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connectors, read once per request, and their names in the page's language. */
@Named("bots")
@RequestScoped
public class BotsBacking {

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    private @Nullable List<Connector> all;

    public List<Connector> getAll() {
        if (all == null) {
            all = connectors.all();
        }
        return all;
    }

    Optional<Connector> find(ConnectorId id) {
        return getAll().stream().filter(connector -> connector.id().equals(id)).findFirst();
    }

    boolean isKnown(String id) {
        return TypedId.parse(id, ConnectorId::new).flatMap(this::find).isPresent();
    }

    /** The id itself when no connector has it any more. */
    public String name(ConnectorId id) {
        return find(id).map(this::name).orElse(id.value());
    }

    public String name(Connector connector) {
        return connector.name().in(say.locale());
    }

    /** Choices of a filter. */
    public List<Option> getOptions() {
        return getAll().stream()
                .map(connector -> new Option(connector.id().value(), name(connector)))
                .toList();
    }
}
