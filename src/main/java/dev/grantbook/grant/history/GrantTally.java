package dev.grantbook.grant.history;

import dev.grantbook.platform.observability.Meters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;

/** Counts the events of grants once they are committed. */
@ApplicationScoped
public class GrantTally {

    void count(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantEventRecorded happened) {
        Meters.count(
                "grant.events",
                "connector",
                happened.grant().connector().value(),
                "event",
                happened.event().kind().wire());
    }
}
