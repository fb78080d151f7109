package dev.grantbook.sandbox.consent;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks authorization requests and takes decisions at the consent pages of all dialects. */
@ApplicationScoped
public class Consents {

    private static final int LONGEST = 2000;

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    /**
     * Checks an authorization request.
     *
     * @param query of the consent page's address
     * @throws ConsentRefusal when the request is faulty
     */
    public ConsentQuestion read(Dialect dialect, @Nullable String query) {
        Parameters parameters;
        try {
            parameters = Parameters.parse(query);
        } catch (IllegalArgumentException e) {
            throw ConsentRefusal.page("invalid_request", "The address is not well-formed.");
        }
        for (String name : parameters.names()) {
            List<String> values = parameters.all(name);
            String value = values.get(0);
            if (values.size() > 1 || value.length() > LONGEST) {
                throw ConsentRefusal.page("invalid_request", "A parameter is there twice, or too long.");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw ConsentRefusal.page("invalid_request", "A parameter holds a control character.");
            }
        }
        String clientId = parameters.get("client_id");
        if (clientId == null || clientId.isEmpty()) {
            throw ConsentRefusal.page("invalid_request", "client_id is missing.");
        }
        Connector client = clients.at(dialect.id(), clientId)
                .orElseThrow(() -> ConsentRefusal.page("invalid_client", "No bot has this client_id."));
        return dialect.read(new ConsentRequest(parameters, client, clients.redirectUri(client)));
    }

    /**
     * Takes the user's decision.
     *
     * @param form {@code request}, the page's own query; each ticked {@code scope}; {@code account}; and
     *     {@code decision}
     * @return the authorization response's address
     */
    public URI decide(Dialect dialect, Parameters form) {
        ConsentQuestion ask;
        try {
            ask = read(dialect, form.get("request"));
        } catch (ConsentRefusal refusal) {
            // The form was tampered with: for this request the page has no buttons.
            throw Problem.field("request", "not what the page asked").exception();
        }
        if (!"authorize".equals(form.get("decision"))) {
            return dialect.location(ask, dialect.describeDenial(ask));
        }
        SandboxAccount account = SandboxAccount.of(form.get("account"))
                .orElseThrow(() ->
                        Problem.field("account", "no account of the sandbox").exception());
        List<String> ticked = form.all("scope");
        Scopes granted = dialect.decide(
                ask,
                account,
                Scopes.of(ask.scopes().toList().stream()
                        .filter(scope ->
                                ticked.contains(scope) || ask.fixed().tokens().contains(scope))
                        .toList()));
        ConsentRequest request = ask.request();
        Secret code = authorizations.issue(new SandboxAuthorization.Consent(
                dialect.id(),
                request.client().clientId(),
                account,
                granted,
                ask.scopes().minus(granted),
                ask.challenge(),
                request.get("redirect_uri"),
                request.get("nonce")));
        return dialect.location(ask, dialect.describeGrant(ask, code));
    }
}
