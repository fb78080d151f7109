package dev.grantbook.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.TestClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxAuthorizationsTest {

    private final Database database = Database.h2();
    private final TestClock clock = new TestClock();
    private final SandboxAuthorizations authorizations = new SandboxAuthorizations();

    @BeforeEach
    void inject() {
        authorizations.entities = database.entities();
        authorizations.clock = clock;
        authorizations.random = new SecureRandom();
        database.tamper("DELETE FROM sandbox_authorization");
    }

    @Test
    void aCodeWorksOnce() {
        Secret code = issue(SandboxAccount.ALICE);

        assertThat(take("bot", code)).isPresent();
        assertThat(take("bot", code)).isEmpty();
    }

    @Test
    void ofManyWhoShowACodeAtOnceOneGetsIt() {
        Secret code = issue(SandboxAccount.ALICE);

        assertThat(database.together(8, () -> authorizations.take(Mixin.ID, "bot", code)))
                .filteredOn(Optional::isPresent)
                .hasSize(1);
    }

    @Test
    void aCodeIsForItsClientAndItsProvider() {
        Secret code = issue(SandboxAccount.ALICE);

        assertThat(take("another", code)).isEmpty();
        assertThat(database.in(() -> authorizations.take("elsewhere", "bot", code)))
                .isEmpty();
        assertThat(take("bot", code)).isPresent();
    }

    @Test
    void aCodeIsTooOldAfterTenMinutesAndThenCleanedUp() {
        Secret code = issue(SandboxAccount.ALICE);
        clock.advance(SandboxAuthorizations.CODE_LIFETIME);

        assertThat(take("bot", code)).isEmpty();
        issue(SandboxAccount.BOB);
        assertThat(database.sql("SELECT account FROM sandbox_authorization"))
                .singleElement()
                .asString()
                .contains("BOB");
    }

    @Test
    void aTokenLivesForAYear() {
        Secret token = token(SandboxAccount.ALICE);

        clock.advance(SandboxAuthorizations.LIFETIME.minus(Duration.ofSeconds(1)));
        assertThat(find(token)).hasValueSatisfying(found -> {
            assertThat(found.account()).isEqualTo(SandboxAccount.ALICE);
            assertThat(found.allows("ASSETS:READ")).isTrue();
            assertThat(found.allows("PHONE:READ")).isFalse();
        });
        clock.advance(Duration.ofSeconds(1));
        assertThat(find(token)).isEmpty();
    }

    @Test
    void revokingEndsEveryTokenThatTheAccountGaveToTheBotAndNoOther() {
        Secret first = token(SandboxAccount.ALICE);
        Secret second = token(SandboxAccount.ALICE);
        Secret other = token(SandboxAccount.BOB);

        database.run(() -> authorizations.revoke(Mixin.ID, SandboxAccount.ALICE, "bot"));

        assertThat(find(first)).isEmpty();
        assertThat(find(second)).isEmpty();
        assertThat(find(other)).isPresent();
        assertThat(database.in(() -> authorizations.of(Mixin.ID, SandboxAccount.ALICE)))
                .isEmpty();
    }

    @Test
    void neitherCodesNorTokensAreKept() {
        Secret code = issue(SandboxAccount.ALICE);
        Secret token = token(SandboxAccount.ALICE);

        assertThat(database.sql("SELECT * FROM sandbox_authorization").toString())
                .doesNotContain(code.value())
                .doesNotContain(token.value());
    }

    private Secret issue(SandboxAccount account) {
        var consent = new SandboxAuthorization.Consent(
                Mixin.ID, "bot", account, Scopes.of("PROFILE:READ", "ASSETS:READ"), null);
        return database.in(() -> authorizations.issue(consent));
    }

    private Secret token(SandboxAccount account) {
        var taken = take("bot", issue(account)).orElseThrow();
        return database.in(() -> authorizations.grant(taken));
    }

    private Optional<SandboxAuthorization> take(String client, Secret code) {
        return database.in(() -> authorizations.take(Mixin.ID, client, code));
    }

    private Optional<SandboxAuthorization> find(Secret token) {
        return database.in(() -> authorizations.find(Mixin.ID, token));
    }
}
