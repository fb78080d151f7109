package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Uses;
import dev.grantbook.lifecycle.FreshTokens;
import dev.grantbook.platform.FaultLog;
import dev.grantbook.platform.Json;
import dev.grantbook.platform.JsonBody;
import dev.grantbook.platform.Languages;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The bot's one question about many chat users at once: what a morning round to all of them needs. */
@Path("access:batch")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AccessBatchResource {

    private static final Logger LOG = Logger.getLogger(AccessBatchResource.class.getName());

    /** Bytes; 500 subjects of the longest kind. */
    private static final int LARGEST = 1024 * 1024;

    /** How long it begins to ask providers for tokens in place of such as are about to end; after that it gives what is at hand. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Grants grants;

    @Inject
    AccessAnswer answer;

    @Inject
    FreshTokens freshTokens;

    @Inject
    Uses uses;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @POST
    public JsonObject access(InputStream body) throws IOException {
        caller.require(Permission.STATUS);
        JsonObject json = bodies.read(body, "AccessBatchRequest", LARGEST);
        Connector connector = requests.connector(json);
        Need need = requests.need(json, connector);
        Locale locale = Languages.tagged(json.getString("locale", null));
        List<String> subjects = json.getJsonArray("subjects").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
        Map<String, Grant> known = grants.find(connector.id(), subjects);
        if (caller.may(Permission.TOKEN) && lookAfter(connector, known.values())) {
            // While providers were asked, users may have taken back what they had granted.
            known = grants.find(connector.id(), subjects);
        }
        var answers = Json.createArrayBuilder();
        List<Grant> handedOut = new ArrayList<>();
        for (String subject : subjects) {
            answers.add(answer.oneOfMany(
                    connector,
                    subject,
                    need,
                    Optional.ofNullable(known.get(subject)),
                    locale,
                    freshTokens::atHand,
                    handedOut::add));
        }
        uses.count(handedOut);
        return Json.createObjectBuilder().add("answers", answers).build();
    }

    /** @return whether any of them is another one now */
    private boolean lookAfter(Connector connector, Collection<Grant> all) {
        Instant patient = clock.instant().plus(PATIENCE);
        boolean changed = false;
        for (Grant grant : all) {
            if (clock.instant().isBefore(patient)) {
                changed |= lookAfter(connector, grant);
            }
        }
        return changed;
    }

    /** Whatever is wrong with one subject's token keeps no other from its answer. */
    private boolean lookAfter(Connector connector, Grant grant) {
        try {
            return freshTokens.of(connector, grant).grant() != grant;
        } catch (RuntimeException e) {
            FaultLog.write(LOG, Level.WARNING, "there is no other token for a grant of " + connector.id(), e);
            return true;
        }
    }
}
