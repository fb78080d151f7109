package dev.grantbook.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.persistence.PersonalData.Person;
import jakarta.persistence.OptimisticLockException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SubjectsTest {

    @Test
    void anErasureThatMeetsATripBeginsAnew() {
        var tries = new AtomicInteger();
        var subjects = new Subjects();
        subjects.erasures = new Erasures() {
            @Override
            Person person(Set<ConnectorId> connectors, Subject subject) {
                return new Person(List.of(new ConnectorId("wallet")), subject, List.of());
            }

            @Override
            Erasure erase(Set<ConnectorId> connectors, Subject subject, String actor) {
                if (tries.incrementAndGet() == 1) {
                    throw new OptimisticLockException("the trip went on");
                }
                return new Erasure("e-1", Instant.EPOCH, actor, 3);
            }
        };

        assertThat(subjects.erase(Set.of(), new Subject("alice"), "api-key:bot"))
                .hasValueSatisfying(done -> assertThat(done.rows()).isEqualTo(3));
        assertThat(tries).hasValue(2);
    }
}
