package dev.grantbook.token;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.CallerGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.search.GrantJson.SummaryJson;
import dev.grantbook.id.GrantId;
import dev.grantbook.invitation.OfferedLink;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.provider.http.ProviderHttp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a bot's report that the provider rejected a call. */
@Path("grants/{id}/rejected")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class RejectedResource {

    @Inject
    JsonBody bodies;

    @Inject
    CallerGrants grants;

    @Inject
    StepUp stepUp;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @POST
    public JsonObject reject(@PathParam("id") GrantId id, InputStream body) throws IOException {
        if (!caller.may(Permission.PROXY)) {
            caller.require(Permission.TOKEN);
        }
        Grant seen = grants.find(id);
        JsonObject json = bodies.read(body, "Rejection");
        Connector connector = grants.connector(seen);
        ApiFailure failure = connector
                .provider()
                .failure(json.getInt("status"), headers(json), reply(json.get("body")), seen.granted());
        StepUp.Result outcome = stepUp.explainRefusal(connector, seen, failure, List.of(), null);
        return RecordJson.write(
                new RejectionJson(
                        failure.meaning(), failure.missing(), SummaryJson.of(outcome.grant(), clock.instant())),
                outcome.link().map(OfferedLink::of).orElse(null));
    }

    private record RejectionJson(ApiFailure.Meaning meaning, Scopes missing, SummaryJson grant) {}

    /** Reads a header that came more than once as a list. */
    private static Map<String, List<String>> headers(JsonObject json) {
        var headers = new LinkedHashMap<String, List<String>>();
        json.getOrDefault("headers", JsonValue.EMPTY_JSON_OBJECT)
                .asJsonObject()
                .forEach((name, value) -> headers.put(
                        name,
                        value instanceof JsonString one
                                ? List.of(one.getString())
                                : value.asJsonArray().getValuesAs(JsonString.class).stream()
                                        .map(JsonString::getString)
                                        .toList()));
        return headers;
    }

    /** Reads a body that is not JSON as an empty object. */
    private static JsonStructure reply(@Nullable JsonValue body) {
        if (body instanceof JsonStructure structure) {
            return structure;
        }
        return body instanceof JsonString text
                ? ProviderHttp.jsonOrEmpty(text.getString())
                : JsonValue.EMPTY_JSON_OBJECT;
    }
}
