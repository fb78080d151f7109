package dev.grantbook.imports;

import dev.grantbook.apikey.Caller;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.imports.ImportItem.RequestedItem;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.FieldFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads items to import. One faulty item rejects the request, with every fault of every item. */
@ApplicationScoped
class ImportRequests {

    /** RFC 3339 years have four digits; Java allows more, and databases end somewhere beyond. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    /** @param json valid by the schema */
    List<RequestedItem> parse(JsonObject json) {
        var faults = new ArrayList<FieldFault>();
        var items = new ArrayList<RequestedItem>();
        Map<List<TypedId>, Integer> seen = new HashMap<>();
        Map<String, Integer> refreshTokens = new HashMap<>();
        Map<ConnectorId, Optional<Connector>> known = new HashMap<>();
        List<JsonObject> lines = json.getJsonArray("items").getValuesAs(JsonObject.class);
        for (int i = 0; i < lines.size(); i++) {
            JsonObject line = lines.get(i);
            String at = "items." + i + ".";
            var id = new ConnectorId(line.getString("connector"));
            var subject = new Subject(line.getString("subject"));
            Integer before = seen.putIfAbsent(List.of(id, subject), i);
            if (before != null) {
                faults.add(new FieldFault(at + "subject", "is the one of items." + before + " already"));
            }
            Integer twice = line.containsKey("refresh_token")
                    ? refreshTokens.putIfAbsent(line.getString("refresh_token"), i)
                    : null;
            if (twice != null) {
                faults.add(new FieldFault(at + "refresh_token", "is the one of items." + twice + " already"));
            }
            Instant end = end(line, at, faults);
            Optional<Connector> connector = known.computeIfAbsent(id, connectors::find);
            String trouble = trouble(id, connector);
            if (trouble != null) {
                faults.add(new FieldFault(at + "connector", trouble));
            } else {
                items.add(item(line, at, connector.orElseThrow(), end, faults));
            }
        }
        if (!faults.isEmpty()) {
            throw Problem.fields(faults).exception();
        }
        return items;
    }

    private @Nullable String trouble(ConnectorId id, Optional<Connector> connector) {
        if (!caller.mayUse(id)) {
            return "this API key is not for this connector";
        }
        if (connector.isEmpty()) {
            return "there is no connector with this id";
        }
        return connector.get().enabled() ? null : "this connector is no longer declared";
    }

    private static RequestedItem item(
            JsonObject line, String at, Connector connector, @Nullable Instant end, List<FieldFault> faults) {
        List<String> scopes = line.containsKey("scopes")
                ? line.getJsonArray("scopes").getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .distinct()
                        .toList()
                : List.of();
        var catalogue = connector.provider().catalogue().texts();
        for (int i = 0; i < scopes.size(); i++) {
            if (!catalogue.isEmpty() && !catalogue.containsKey(scopes.get(i))) {
                faults.add(
                        new FieldFault(at + "scopes." + i, connector.provider().name() + " has no such scope"));
            }
        }
        String refresh = line.getString("refresh_token", null);
        return new RequestedItem(
                connector.id(),
                connector.provider().id(),
                new Subject(line.getString("subject")),
                line.getString("account", null),
                new Secret(line.getString("access_token")),
                refresh == null ? null : new Secret(refresh),
                end,
                Scopes.of(scopes));
    }

    private static @Nullable Instant end(JsonObject line, String at, List<FieldFault> faults) {
        if (!line.containsKey("expires_at")) {
            return null;
        }
        try {
            Instant end = OffsetDateTime.parse(line.getString("expires_at")).toInstant();
            if (end.isBefore(Instant.EPOCH) || end.isAfter(LATEST)) {
                throw new DateTimeException("not within four digits of years");
            }
            return end;
        } catch (DateTimeException e) {
            faults.add(
                    new FieldFault(at + "expires_at", "must be a moment as RFC 3339 writes it: 2026-11-22T10:00:00Z"));
            return null;
        }
    }
}
