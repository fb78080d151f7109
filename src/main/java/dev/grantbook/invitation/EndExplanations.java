package dev.grantbook.invitation;

import dev.grantbook.catalogue.AccountSettings;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.revocation.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Explains ended grants to users, and where to revoke one at the provider. */
@ApplicationScoped
public class EndExplanations {

    @Inject
    Revocations revocations;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Empty while the grant lives. */
    public Optional<EndExplanation> of(Connector connector, Grant grant, Locale locale) {
        return revocations
                .notice(grant)
                .map(notice -> new EndExplanation(
                        grant.reason(clock.instant()) == EndReason.UNCONFIRMED ? "unconfirmed" : notice.word(),
                        grant.isSigning(),
                        connector.name().in(locale),
                        connector.provider().name(),
                        link(connector, locale)));
    }

    public SettingsLink link(Connector connector, Locale locale) {
        AccountSettings known = connector.provider().settings();
        String path = known == null ? "" : known.path().in(locale);
        String url = known == null ? "" : Objects.requireNonNullElse(known.url(locale), "");
        return new SettingsLink(path, sandbox(connector).orElse(url));
    }

    /** The sandbox's page, for a connector whose provider it emulates. */
    private Optional<String> sandbox(Connector connector) {
        URI authorization = connector.provider().endpoints().authorization();
        String home = settings.publicUrl("/sandbox/at/" + connector.provider().id() + "/")
                .toString();
        return settings.sandbox().enabled()
                        && authorization != null
                        && authorization.toString().startsWith(home)
                ? Optional.of(home + "authorizations")
                : Optional.empty();
    }
}
