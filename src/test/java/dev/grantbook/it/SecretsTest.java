package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Secret;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search of the logs finds what it is for, and nothing else. */
class SecretsTest {

    private final SecureRandom random = new SecureRandom();

    @Test
    void whatChanceMadeIsFoundWhereverItStands() {
        // One in fifty has fewer than three digits; of so many, most are found.
        long found = Stream.generate(() -> Secret.random(random).value())
                .limit(200)
                .filter(secret ->
                        Secrets.in("GET /connect/" + secret + " failed").contains(secret)
                                && Secrets.in("key gb_" + secret + ".").contains(secret))
                .count();

        assertThat(found).isGreaterThan(150);
    }

    @Test
    void verifiersAreFound() {
        long found = Stream.generate(() -> Pkce.random(random).verifier().value())
                .limit(200)
                .filter(verifier -> !Secrets.in("sent [" + verifier + "]").isEmpty())
                .count();

        assertThat(found).isGreaterThan(150);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id_token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl",
                "Authorization: Bearer access-1-of-the-test",
                "Authorization: Basic Y2xpZW50OnNlY3JldA==",
                "GET /oauth/callback/demo?code=4711-08&iss=x",
                "refresh_token=short",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void whatLooksLikeASecretIsFound(String line) {
        assertThat(Secrets.in(line)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attempt 28604718-f72b-4484-8f4f-6ed6be7d492c of demo-mixin: granted [trace 4bf92f3577b34da6a3ce929d0e0e4736]",
                "org.h2.jdbc.JdbcSQLIntegrityConstraintViolationException: Unique index or primary key violation",
                "_ThreadName=concurrent/__defaultManagedScheduledExecutorService-managedThreadFactory-Thread-1",
                "EclipseLink, version: Eclipse Persistence Services - 4.0.5.payara-p1.v202509010857-ff7dcebd9d4eec4ff0c85f78950a",
                "callback of demo-mixin refused: the state is unknown"
            })
    void ordinaryLinesAreLeftAlone(String line) {
        assertThat(Secrets.in(line)).isEmpty();
    }

    @Test
    @DisplayName("4.2 Any twelve characters of a secret are found in the logs")
    void partsOfSecretsAreFound() {
        String secret = Secrets.noted("Qk7xVb3nMz9LpT2wRc5yHd8s");

        for (int at = 0; at + 12 <= secret.length(); at++) {
            assertThat(Secrets.in("says " + secret.substring(at, at + 12) + "..."))
                    .isNotEmpty();
        }
        assertThat(Secrets.in("says " + secret.substring(3, 14))).isEmpty();
    }

    @Test
    void whatATestConfiguresIsFound() {
        Secrets.note(Map.of("it.made-up-secret", "horse & battery", "grantbook.database.password", "grantbook_1"));

        assertThat(Secrets.in("the client's horse & battery")).containsExactly("horse & battery");
        assertThat(Secrets.in("role grantbook_1")).isEmpty();
    }
}
