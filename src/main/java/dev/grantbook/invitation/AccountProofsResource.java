package dev.grantbook.invitation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.account.AccountProof;
import dev.grantbook.catalogue.account.AccountProofException;
import dev.grantbook.catalogue.account.ProvenAccount;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.search.GrantJson.AccountJson;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Checks proofs of an account that a web page got without OAuth; an invitation may then demand that account. */
@Path("account-proofs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AccountProofsResource {

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @POST
    public JsonObject prove(InputStream body) throws IOException {
        caller.require(Permission.INVITE);
        JsonObject json = bodies.read(body, "AccountProofRequest");
        Connector connector = requests.connector(json);
        ProvenAccount account = check(connector, json.getJsonObject("data"));
        return RecordJson.write(
                new ProofJson(connector.id(), new AccountJson(account.id(), account.name()), account.at()));
    }

    private record ProofJson(ConnectorId connector, AccountJson account, Instant provedAt) {}

    private ProvenAccount check(Connector connector, JsonObject data) {
        AccountProof proof = connector.provider().accountProof();
        Optional<Secret> secret = connectors.proofSecret(connector);
        if (proof == null || secret.isEmpty()) {
            throw Problem.field("connector", "this connector has no proof-secret to check account proofs with")
                    .exception();
        }
        try {
            return proof.check(
                    data, secret.get(), clock.instant(), settings.provider().clockSkew());
        } catch (AccountProofException e) {
            throw Problem.field("data." + e.field(), e.reason()).exception();
        }
    }
}
