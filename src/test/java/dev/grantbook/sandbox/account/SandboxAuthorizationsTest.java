package dev.grantbook.sandbox.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Pkce;
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

    private static final String MIXIN = "mixin";

    private static final Secret VERIFIER = new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

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

        assertThat(database.together(8, () -> authorizations.take(MIXIN, "bot", code)))
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

        database.run(() -> authorizations.revoke(MIXIN, SandboxAccount.ALICE, "bot"));

        assertThat(find(first)).isEmpty();
        assertThat(find(second)).isEmpty();
        assertThat(find(other)).isPresent();
        assertThat(database.in(() -> authorizations.of(MIXIN, SandboxAccount.ALICE)))
                .isEmpty();
    }

    @Test
    void aTokenIsOfItsKindAndLivesAsLongAsItWasMadeFor() {
        SandboxAuthorization taken = taken(SandboxAccount.ALICE);
        Secret hourly = database.in(() -> authorizations.grant(taken, SandboxToken.ACCESS, Duration.ofHours(1)));
        Secret refresh = database.in(() -> authorizations.grant(taken, SandboxToken.REFRESH, Duration.ofDays(90)));

        assertThat(find(hourly)).isPresent();
        assertThat(find(refresh)).isEmpty();
        assertThat(find(SandboxToken.REFRESH, refresh)).isPresent();
        clock.advance(Duration.ofHours(1));
        assertThat(find(hourly)).isEmpty();
        assertThat(find(SandboxToken.REFRESH, refresh)).isPresent();
    }

    @Test
    void ofManyWhoSpendATokenAtOnceOneGetsIt() {
        SandboxAuthorization taken = taken(SandboxAccount.ALICE);
        Secret refresh = database.in(() -> authorizations.grant(taken, SandboxToken.REFRESH, Duration.ofDays(90)));

        assertThat(database.together(8, () -> authorizations.spend(MIXIN, SandboxToken.REFRESH, refresh)))
                .filteredOn(Optional::isPresent)
                .hasSize(1);
    }

    @Test
    void aTokenOfAnotherKindOrProviderIsNotSpent() {
        SandboxAuthorization taken = taken(SandboxAccount.ALICE);
        Secret refresh = database.in(() -> authorizations.grant(taken, SandboxToken.REFRESH, Duration.ofDays(90)));

        assertThat(database.in(() -> authorizations.spend(MIXIN, SandboxToken.ACCESS, refresh)))
                .isEmpty();
        assertThat(database.in(() -> authorizations.spend("elsewhere", SandboxToken.REFRESH, refresh)))
                .isEmpty();
        assertThat(database.in(() -> authorizations.spend(MIXIN, SandboxToken.REFRESH, refresh)))
                .isPresent();
    }

    @Test
    void oneTokenCanEndAndTheOthersLiveOn() {
        SandboxAuthorization taken = taken(SandboxAccount.ALICE);
        Secret one = database.in(() -> authorizations.grant(taken));
        Secret other = database.in(() -> authorizations.grant(taken));

        database.run(() -> authorizations.end(one));

        assertThat(find(one)).isEmpty();
        assertThat(find(other)).isPresent();
    }

    @Test
    void anAuthorizationEndsWithAllItsTokens() {
        SandboxAuthorization taken = taken(SandboxAccount.ALICE);
        Secret one = database.in(() -> authorizations.grant(taken));
        Secret other = token(SandboxAccount.ALICE);

        database.run(() -> authorizations.end(taken));

        assertThat(find(one)).isEmpty();
        assertThat(find(other)).isPresent();
        assertThat(database.sql("SELECT * FROM sandbox_token")).hasSize(1);
    }

    @Test
    void aScopeThatIsTakenBackIsGoneFromEveryTokenOfTheBot() {
        Secret token = token(SandboxAccount.ALICE);

        database.run(() -> authorizations.withdraw(MIXIN, SandboxAccount.ALICE, "bot", "ASSETS:READ"));
        database.run(() -> authorizations.withdraw(MIXIN, SandboxAccount.ALICE, "bot", "NEVER:GRANTED"));

        assertThat(find(token)).hasValueSatisfying(found -> {
            assertThat(found.scopes()).isEqualTo(Scopes.of("PROFILE:READ"));
            assertThat(found.declined()).isEqualTo(Scopes.of("PHONE:READ", "ASSETS:READ"));
        });
    }

    @Test
    void whatTheRequestSaidMustBeSaidAgain() {
        SandboxAuthorization bound = taken(SandboxAccount.ALICE);

        assertThat(bound.isBoundTo("https://bot.example/callback")).isTrue();
        assertThat(bound.isBoundTo("https://bot.example/other")).isFalse();
        assertThat(bound.isBoundTo(null)).isFalse();
        assertThat(bound.isProvedBy(VERIFIER.value())).isTrue();
        assertThat(bound.isProvedBy("another")).isFalse();
        assertThat(bound.isProvedBy("")).isFalse();
        assertThat(bound.isProvedBy(null)).isFalse();
        assertThat(bound.nonce()).isEqualTo("nonce");
    }

    @Test
    void whatTheRequestDidNotSayMustNotBeSaid() {
        var consent =
                new SandboxAuthorization.Consent(MIXIN, "bot", SandboxAccount.ALICE, Scopes.of("PROFILE:READ"), null);
        Secret code = database.in(() -> authorizations.issue(consent));
        SandboxAuthorization bare = take("bot", code).orElseThrow();

        assertThat(bare.isBoundTo(null)).isTrue();
        assertThat(bare.isBoundTo("https://bot.example/callback")).isFalse();
        assertThat(bare.isProvedBy(null)).isTrue();
        assertThat(bare.isProvedBy(VERIFIER.value())).isFalse();
    }

    @Test
    void neitherCodesNorTokensAreKept() {
        Secret code = issue(SandboxAccount.ALICE);
        Secret token = token(SandboxAccount.ALICE);

        assertThat((database.sql("SELECT * FROM sandbox_authorization").toString()
                        + database.sql("SELECT * FROM sandbox_token")))
                .doesNotContain(code.value())
                .doesNotContain(token.value());
    }

    private Secret issue(SandboxAccount account) {
        var consent = new SandboxAuthorization.Consent(
                MIXIN,
                "bot",
                account,
                Scopes.of("PROFILE:READ", "ASSETS:READ"),
                Scopes.of("PHONE:READ"),
                new Pkce(VERIFIER).s256(),
                "https://bot.example/callback",
                "nonce");
        return database.in(() -> authorizations.issue(consent));
    }

    private Secret token(SandboxAccount account) {
        var taken = taken(account);
        return database.in(() -> authorizations.grant(taken));
    }

    private SandboxAuthorization taken(SandboxAccount account) {
        return take("bot", issue(account)).orElseThrow();
    }

    private Optional<SandboxAuthorization> take(String client, Secret code) {
        return database.in(() -> authorizations.take(MIXIN, client, code));
    }

    private Optional<SandboxAuthorization> find(Secret token) {
        return database.in(() -> authorizations.find(MIXIN, token));
    }

    private Optional<SandboxAuthorization> find(String kind, Secret token) {
        return database.in(() -> authorizations.find(MIXIN, kind, token));
    }
}
