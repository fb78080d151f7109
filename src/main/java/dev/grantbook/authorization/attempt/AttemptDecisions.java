package dev.grantbook.authorization.attempt;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecisions;
import dev.grantbook.access.AccessQuestion;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.id.GrantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Decides about an attempt's grant and the scopes that the attempt asked for. */
@ApplicationScoped
public class AttemptDecisions {

    @Inject
    Grants grants;

    @Inject
    AccessDecisions decisions;

    public AccessDecision decide(Attempt attempt, Connector connector, Freshness freshness) {
        GrantId id = attempt.grantId();
        return decide(
                attempt,
                connector,
                freshness,
                id == null ? null : grants.find(id).orElse(null));
    }

    /** @param grant as it was read; null when there is none */
    public AccessDecision decide(Attempt attempt, Connector connector, Freshness freshness, @Nullable Grant grant) {
        var question = new AccessQuestion(
                connector,
                grant == null ? attempt.subject() : grant.subject(),
                attempt.accountId(),
                connector.need(attempt.features(), attempt.scopes()),
                freshness);
        return decisions.decide(question, grant);
    }
}
