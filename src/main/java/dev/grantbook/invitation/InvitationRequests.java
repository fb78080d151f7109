package dev.grantbook.invitation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.pages.Languages;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads requests of bots, and rejects features, scopes and addresses that the connector does not declare. */
@ApplicationScoped
public class InvitationRequests {

    /** Bytes. */
    private static final int LARGEST_CONTEXT = 4096;

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    Caller caller;

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException unless this key may use the connector */
    public Connector connector(JsonObject json) {
        var id = new ConnectorId(json.getString("connector"));
        caller.requireConnector(id);
        Connector connector = connectors
                .find(id)
                .orElseThrow(() -> Problem.field("connector", "there is no connector with this id")
                        .exception());
        if (!connector.enabled()) {
            throw Problem.of(409, "connector-disabled", "This connector is no longer declared; its grants are kept.")
                    .exception();
        }
        return connector;
    }

    /** The need for the features and scopes of a valid body. */
    public Need need(JsonObject json, Connector connector) {
        return connector.need(features(json, connector), scopes(json, connector));
    }

    private static List<String> features(JsonObject json, Connector connector) {
        List<String> features = strings(json, "features");
        for (int i = 0; i < features.size(); i++) {
            if (connector.feature(features.get(i)).isEmpty()) {
                throw Problem.field("features." + i, "this connector has no such feature")
                        .exception();
            }
        }
        return features;
    }

    private static Scopes scopes(JsonObject json, Connector connector) {
        List<String> scopes = strings(json, "scopes");
        if (scopes.isEmpty()) {
            return Scopes.NONE;
        }
        var known = connector.provider().catalogue().texts();
        for (int i = 0; i < scopes.size(); i++) {
            if (!known.isEmpty() && !known.containsKey(scopes.get(i))) {
                throw Problem.field(
                                "scopes." + i,
                                connector.provider().name() + " has no such scope; there are "
                                        + String.join(", ", known.keySet()))
                        .exception();
            }
        }
        Scopes asked = Scopes.of(scopes);
        int length = connector.declaredScopes().plus(asked).toString().length();
        if (length > Scopes.LONGEST) {
            throw Problem.field(
                            "scopes",
                            "with those of the connector they have " + length + " characters; at most " + Scopes.LONGEST
                                    + " fit into one grant")
                    .exception();
        }
        return asked;
    }

    /** @param json valid by the schema */
    public Invitation.Request parse(JsonObject json, Connector connector) {
        List<String> features = features(json, connector);
        Scopes scopes = scopes(json, connector);
        String returnTo = json.getString("return_to", null);
        if (returnTo != null && !connector.returnUrls().allow(returnTo)) {
            throw Problem.field("return_to", "not below an address in the connector's return-urls")
                    .exception();
        }
        return new Invitation.Request(
                connector.id(),
                new Subject(json.getString("subject")),
                json.getString("account", null),
                features,
                scopes,
                returnTo,
                Languages.parseTag(json.getString("locale", null)),
                context(json.get("context")));
    }

    public void checkAccount(Invitation.Request request, Connector connector) {
        if (connector.confirmation() == Confirmation.ACCOUNT && request.accountId() == null) {
            throw Problem.field("account", "this connector's invitations must name the account that is expected")
                    .exception();
        }
    }

    /** Issues a link; null when the key may not invite. */
    @Nullable
    public OfferedLink offer(Invitation.Request request, Connector connector) {
        if (!caller.may(Permission.INVITE)) {
            return null;
        }
        checkAccount(request, connector);
        return OfferedLink.of(invitations.issue(request, caller.actor()));
    }

    private static @Nullable String context(@Nullable JsonValue value) {
        if (value == null || value == JsonValue.NULL) {
            return null;
        }
        String text = value.toString();
        if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_CONTEXT) {
            throw Problem.field("context", "may have " + LARGEST_CONTEXT + " bytes at most, as JSON")
                    .exception();
        }
        return text;
    }

    private static List<String> strings(JsonObject json, String name) {
        return json.containsKey(name)
                ? json.getJsonArray(name).getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .distinct()
                        .toList()
                : List.of();
    }
}
