package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts that lead nowhere. */
class AuthorizationFlowTest {

    @RegisterExtension
    final Configuration configuration = new Configuration().with("grantbook.public-url", "https://grantbook.example");

    @Test
    @DisplayName("4.3 The button of an invitation that nobody handed out counts")
    void anInvitationThatNobodyHandedOutCounts() {
        List<String> spent = new ArrayList<>();
        var flow = new AuthorizationFlow();
        flow.invitations = new Invitations() {
            @Override
            public Optional<Invitation> find(Secret token) {
                return Optional.empty();
            }
        };
        flow.anonymous = new AnonymousBudget() {
            @Override
            public void spend() {
                spent.add("one");
            }
        };
        flow.settings = configuration.settings();
        flow.clock = new TestClock();

        assertThat(flow.begin(new Secret("guessed")).location())
                .isEqualTo(Outcome.LINK_ENDED.page(configuration.settings()));
        assertThat(spent).hasSize(1);
    }
}
