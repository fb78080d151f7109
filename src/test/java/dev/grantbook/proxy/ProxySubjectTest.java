package dev.grantbook.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.platform.problem.Problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose token a call takes. */
class ProxySubjectTest {

    @Test
    void isThatOfThePathWhereNoHeaderNamesAnother() {
        assertThat(ProxySubject.of("alice", null)).isEqualTo("alice");
        assertThat(ProxySubject.of("-", List.of())).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource({"users/1,users/1", "users%2F1,users/1", "..,..", "%E5%B8%B3,帳", "a+b%20c,a+b c", "100%25,100%"})
    void isThatOfTheHeader(String header, String subject) {
        assertThat(ProxySubject.of("-", List.of(header))).isEqualTo(subject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "帳", "%", "%2", "%zz", "%ff"})
    void isNotGuessedAt(String header) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxySubject.of("-", List.of(header)))
                .withMessageContaining("Grantbook-Subject");
    }

    @Test
    void isOne() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxySubject.of("-", List.of("alice", "bob")))
                .withMessageContaining("Grantbook-Subject");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProxySubject.of("alice", List.of("bob")))
                .withMessageContaining("must then be -");
    }
}
