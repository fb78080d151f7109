package dev.grantbook.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.MissingScopes;
import dev.grantbook.access.AccessDecision.NotAuthorized;
import dev.grantbook.access.AccessDecision.Revoked;
import dev.grantbook.access.AccessDecision.TokenUnavailable;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import dev.grantbook.token.FreshTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** May the bot have the token now? Every answer. */
class AccessDecisionsTest {

    private static final Scopes NEEDED = Scopes.of("ASSETS:READ", "SNAPSHOTS:READ");
    private static final Scopes LESS = Scopes.of("ASSETS:READ");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final AccessDecisions decisions = new AccessDecisions();
    private final Secret token = new Secret("access-1");
    private final Instant soon = clock.instant().plusSeconds(5);
    private FreshTokens.@Nullable Fresh fresh;

    @BeforeEach
    void setUp() {
        decisions.clock = clock;
        decisions.settings = configuration.settings();
        decisions.freshTokens = new FreshTokens() {
            @Override
            public Fresh of(Connector connector, Grant seen) {
                return fresh == null ? new Fresh(seen, token, null) : fresh;
            }

            @Override
            public Fresh of(Connector connector, Grant seen, @Nullable Duration age) {
                return of(connector, seen);
            }

            @Override
            public Fresh atHand(Grant seen) {
                return new Fresh(seen, null, soon);
            }
        };
    }

    @Test
    void everythingNeededIsGranted() {
        Grant grant = grant(GrantStatus.ACTIVE, NEEDED);

        AccessDecision decision = decide(Freshness.FRESH, grant);

        assertThat(decision).isEqualTo(new Authorized(decision.question(), grant, token));
        assertThat(decision.wire()).isEqualTo("authorized");
        assertThat(decision.granted()).isEqualTo(NEEDED);
        assertThat(decision.handedOut()).containsExactly(grant);
        assertThat(decision.toString()).doesNotContain("access-1");
    }

    @Test
    void noTokenIsOpenedForAQuestionThatNeedsNone() {
        AccessDecision decision = decide(Freshness.NO_TOKEN, grant(GrantStatus.ACTIVE, NEEDED));

        assertThat(decision).isInstanceOf(Authorized.class);
        assertThat(decision.handedOut()).isEmpty();
        assertThat(decision.orUnavailable()).isSameAs(decision);
    }

    @Test
    void noTokenCanBeHadAtTheMoment() {
        AccessDecision decision = decide(Freshness.STORED, grant(GrantStatus.ACTIVE, NEEDED));

        assertThat(decision)
                .isInstanceOfSatisfying(
                        TokenUnavailable.class,
                        later -> assertThat(later.retryAt()).isEqualTo(soon));
        assertThat(decision.wire()).isEqualTo("authorized");
        assertThat(decision.shortfall().isMet()).isTrue();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(decision::orUnavailable)
                .satisfies(problem -> assertThat(problem.problem().status()).isEqualTo(503));
    }

    @Test
    void aRequiredScopeIsMissingWhateverTheToken() {
        for (Freshness freshness : Freshness.values()) {
            AccessDecision decision = decide(freshness, grant(GrantStatus.ACTIVE, LESS));

            assertThat(decision).isInstanceOf(MissingScopes.class);
            assertThat(decision.wire()).isEqualTo("missing_scopes");
            assertThat(decision.granted()).isEqualTo(LESS);
            assertThat(decision.shortfall().required()).isEqualTo(NEEDED.minus(LESS));
        }
    }

    @Test
    void lookingAfterTheTokenMayEndTheGrant() {
        Grant ended = grant(GrantStatus.REVOKED, NEEDED);
        fresh = new FreshTokens.Fresh(ended, null, null);

        AccessDecision decision = decide(Freshness.FRESH, grant(GrantStatus.ACTIVE, NEEDED));

        assertThat(decision).isInstanceOf(Revoked.class);
        assertThat(decision.grant()).isSameAs(ended);
    }

    @Test
    void whatWaitsForItsUserIsOfNoUseYet() {
        AccessDecision decision = decide(Freshness.STORED, grant(GrantStatus.UNCONFIRMED, LESS));

        assertThat(decision).isInstanceOf(Unconfirmed.class);
        assertThat(decision.wire()).isEqualTo("unconfirmed");
        assertThat(decision.granted()).isEqualTo(Scopes.NONE);
        assertThat(decision.shortfall().required()).isEqualTo(NEEDED);
        assertThat(decision.remainder())
                .hasValueSatisfying(left -> assertThat(left.required()).isEqualTo(NEEDED.minus(LESS)));
    }

    @Test
    void whatEndedHasAReasonAndNoScopes() {
        AccessDecision expired = decide(Freshness.STORED, grant(GrantStatus.EXPIRED, NEEDED));
        AccessDecision revoked = decide(Freshness.STORED, grant(GrantStatus.REVOKED, NEEDED));

        assertThat(expired).isInstanceOf(Expired.class);
        assertThat(revoked).isInstanceOf(Revoked.class);
        assertThat(List.of(expired, revoked)).allSatisfy(ended -> {
            assertThat(ended.granted()).isEqualTo(Scopes.NONE);
            assertThat(ended.remainder()).isEmpty();
            assertThat(ended.reason()).isNotNull();
        });
        assertThat(List.of(expired.wire(), revoked.wire())).containsExactly("expired", "revoked");
    }

    @Test
    void nothingWasGranted() {
        AccessDecision decision = decide(Freshness.FRESH, null);

        assertThat(decision).isInstanceOf(NotAuthorized.class);
        assertThat(decision.wire()).isEqualTo("not_authorized");
        assertThat(decision.grant()).isNull();
        assertThat(decision.reason()).isNull();
        assertThat(decision.shortfall().required()).isEqualTo(NEEDED);
    }

    private AccessDecision decide(Freshness freshness, @Nullable Grant grant) {
        Connector connector = TestConnectors.ledgerBot(
                TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow());
        return decisions.decide(
                new AccessQuestion(
                        connector,
                        new Subject("alice"),
                        null,
                        connector.need(List.of("portfolio"), Scopes.NONE),
                        freshness),
                grant);
    }

    private static Grant grant(GrantStatus status, Scopes granted) {
        return new Grant() {
            @Override
            public GrantStatus status(Instant now) {
                return status;
            }

            @Override
            public Scopes granted() {
                return granted;
            }
        };
    }
}
