package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.ConnectorsFile;
import dev.grantbook.connector.Declarations;
import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.SecretReference;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.notice.NoticeAddresses;
import dev.grantbook.platform.config.ConfigurationException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The connectors as the operator's file declares them; read only, and without secrets. */
@Named("connectorList")
@RequestScoped
public class ConnectorsBacking {

    @Inject
    Connectors connectors;

    @Inject
    NoticeAddresses notices;

    @Inject
    ConnectorsFile file;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    public record ConnectorFeature(
            String name, boolean essential, List<ScopeName> required, List<ScopeName> optional) {}

    /** How long something is kept. */
    public record KeptLine(String what, String age) {}

    /**
     * A value to copy.
     *
     * @param name last part of its label's key
     */
    public record SetupLine(String name, String value) {}

    /** Reads the connectors file again. */
    public void reload() {
        if (!session.mayChange()) {
            return;
        }
        try {
            Declarations.Changes changes = file.reload();
            int count = changes.connectors().count() + changes.apiKeys().count();
            session.record(AuditEventKind.CONNECTORS_RELOADED, String.valueOf(count));
            say.tell(
                    "connectors.reloaded",
                    changes.connectors().count(),
                    changes.apiKeys().count());
        } catch (ConfigurationException unusable) {
            say.warn("connectors.unusable", String.valueOf(unusable.getMessage()));
        }
        session.redirect("/console/connectors");
    }

    /**
     * The values to paste into the provider's own pages, and those that the connectors file takes from there. Of a
     * secret, the reference is shown.
     */
    public List<SetupLine> setup(Connector connector) {
        var lines = new ArrayList<SetupLine>();
        add(lines, "redirect", Optional.of(connectors.redirectUri(connector)));
        add(lines, "webhook", notices.webhook(connector));
        add(lines, "deauthorization", notices.deauthorization(connector));
        add(lines, "deletion", notices.deletion(connector));
        add(lines, "verify-token", notices.webhook(connector).map(webhook -> verifyToken(connector)));
        add(lines, "client-id", Optional.of(connector.clientId()));
        add(
                lines,
                "client-secret",
                Optional.ofNullable(connector.clientSecret()).map(SecretReference::text));
        add(
                lines,
                "scopes",
                Optional.of(connector
                                .declaredScopes()
                                .join(connector.provider().authorization().scopeSeparator()))
                        .filter(scopes -> !scopes.isEmpty()));
        return lines;
    }

    /** Says when it is missing: the provider's check of the webhook then fails without a reason. */
    private String verifyToken(Connector connector) {
        SecretReference reference = connector.verifyToken();
        return reference == null ? say.of("connector.verify-token.none") : reference.text();
    }

    private void add(List<SetupLine> lines, String name, Optional<?> value) {
        value.ifPresent(known -> lines.add(new SetupLine(name, known.toString())));
    }

    public List<KeptLine> describeRetention(Connector connector) {
        RetentionPeriods retention = connector.retention();
        return List.of(
                describeRetention("unused", retention.unused()),
                describeRetention("history", retention.history()),
                describeRetention("attempts", retention.attempts()),
                describeRetention("invitations", retention.invitations()));
    }

    /** An age has one unit; weeks have become days. */
    private KeptLine describeRetention(String what, Period age) {
        String unit = age.getYears() > 0 ? "years" : age.getMonths() > 0 ? "months" : "days";
        int count = age.getYears() + age.getMonths() + age.getDays();
        return new KeptLine(say.of("retention." + what), say.of("retention." + unit, count));
    }

    public String confirmation(Connector connector) {
        return say.of("confirmation." + connector.confirmation().name().toLowerCase(Locale.ROOT));
    }

    public List<ConnectorFeature> features(Connector connector) {
        Locale locale = say.locale();
        Optional<Connector> known = Optional.of(connector);
        return connector.features().stream()
                .map(feature -> new ConnectorFeature(
                        feature.name().in(locale),
                        feature.essential(),
                        ScopeName.of(feature.required(), known, locale),
                        ScopeName.of(feature.optional(), known, locale)))
                .toList();
    }
}
