package dev.grantbook.access;

import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.search.KnownGrants;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.InvitationRequests;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.pages.Languages;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.token.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Answers {@link AccessQuestion}s about many subjects in one request. */
@Path("access:batch")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AccessBatchResource {

    private static final Logger LOG = Logger.getLogger(AccessBatchResource.class.getName());

    /** Bytes; 500 subjects of the longest kind. */
    private static final int LARGEST = 1024 * 1024;

    /** Begins no refresh after this time; later answers have the stored tokens. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    KnownGrants grants;

    @Inject
    AccessDecisions decisions;

    @Inject
    TokenUsage usage;

    @Inject
    Settings settings;

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
        Locale locale = Languages.parseTag(json.getString("locale", null));
        Freshness freshness = caller.may(Permission.TOKEN) ? Freshness.STORED : Freshness.NO_TOKEN;
        List<AccessQuestion> questions = json.getJsonArray("subjects").getValuesAs(JsonString.class).stream()
                .map(subject -> new AccessQuestion(connector, new Subject(subject.getString()), null, need, freshness))
                .toList();
        List<Subject> subjects = questions.stream().map(AccessQuestion::subject).toList();
        Map<Subject, Grant> known = grants.find(connector.id(), subjects);
        if (freshness == Freshness.STORED && refresh(questions, known)) {
            // Grants may have ended meanwhile.
            known = grants.find(connector.id(), subjects);
        }
        List<AccessDecision> decided = new ArrayList<>();
        for (AccessQuestion question : questions) {
            decided.add(decisions.decide(question, known.get(question.subject())));
        }
        usage.count(decided.stream()
                .flatMap(decision -> decision.handedOut().stream())
                .toList());
        return RecordJson.write(new BatchAnswer(decided.stream()
                .map(decision -> AccessAnswer.of(decision, locale, settings))
                .toList()));
    }

    private record BatchAnswer(List<AccessAnswer> answers) {}

    /**
     * Reports a failure as a change, so that every other subject has its answer.
     *
     * @return whether any grant changed
     */
    private boolean refresh(List<AccessQuestion> questions, Map<Subject, Grant> known) {
        Instant patient = clock.instant().plus(PATIENCE);
        boolean changed = false;
        for (AccessQuestion question : questions) {
            Grant grant = known.get(question.subject());
            if (grant == null || !clock.instant().isBefore(patient)) {
                continue;
            }
            try {
                changed |=
                        decisions.decide(question.with(Freshness.FRESH), grant).grant() != grant;
            } catch (RuntimeException e) {
                changed = true;
                String failed = "there is no other token for a grant of "
                        + question.connector().id();
                FaultLog.write(LOG, Level.WARNING, failed, e);
            }
        }
        return changed;
    }
}
