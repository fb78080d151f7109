package dev.grantbook.authorization.attempt;

import dev.grantbook.authorization.attempt.Attempt.AttemptStatus;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Result of a callback. Redirects the browser to an address without the code. */
public sealed interface CallbackResult {

    URI location(Settings settings);

    /**
     * The response belongs to no attempt.
     *
     * @param connector of the callback; null for the shared one, and for an unknown one
     * @param reason for the log
     */
    record UnknownState(@Nullable Connector connector, String reason) implements CallbackResult {

        @Override
        public URI location(Settings settings) {
            return startAgain(connector, settings);
        }
    }

    /** The state belongs to an attempt of another connector. */
    record OtherConnector(@Nullable Connector connector) implements CallbackResult {

        @Override
        public URI location(Settings settings) {
            return startAgain(connector, settings);
        }
    }

    /** Another browser started the attempt. */
    record ForeignBrowser(Attempt attempt) implements CallbackResult {

        @Override
        public URI location(Settings settings) {
            return Outcome.ELSEWHERE.page(settings);
        }
    }

    /** The attempt has expired or was erased, or its connector is disabled. */
    record Refused(Outcome outcome) implements CallbackResult {

        @Override
        public URI location(Settings settings) {
            return outcome.page(settings);
        }
    }

    /** The attempt of this browser, which may see its outcome. */
    sealed interface OwnAttempt extends CallbackResult {

        Attempt attempt();

        /** The attempt's cookie. */
        Secret browser();

        /** The handle of the return URL that the browser goes to; null where it sees the outcome first. */
        default @Nullable Secret handle() {
            return null;
        }

        @Override
        default URI location(Settings settings) {
            Secret handle = handle();
            return handle == null
                    ? Outcome.page(settings, attempt())
                    : attempt().returnUrl(handle);
        }
    }

    /**
     * A grant is stored, possibly with fewer scopes than were requested.
     *
     * @param remainder what the grant lacks; empty when it has ended already
     */
    record Stored(
            Attempt attempt,
            Connector connector,
            Secret browser,
            @Nullable Secret handle,
            Optional<Shortfall> remainder)
            implements OwnAttempt {}

    /** The user refused. */
    record DeniedByUser(Attempt attempt, Secret browser) implements OwnAttempt {}

    /** Nothing is stored. */
    record Failed(Attempt attempt, Secret browser, AttemptStatus reason) implements OwnAttempt {}

    /** An earlier callback used the state; this one shows its outcome. */
    record AlreadyUsed(
            Attempt attempt, Secret browser, @Nullable Secret handle) implements OwnAttempt {}

    /** Offers the public start of a connector that has one. */
    private static URI startAgain(@Nullable Connector connector, Settings settings) {
        URI page = Outcome.UNKNOWN.page(settings);
        return connector != null && connector.enabled() && connector.publicStart()
                ? new Parameters().with("connector", connector.id().value()).appendTo(page)
                : page;
    }
}
