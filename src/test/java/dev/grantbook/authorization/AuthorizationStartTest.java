package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts that lead nowhere. */
class AuthorizationStartTest {

    @RegisterExtension
    final Configuration configuration = new Configuration().with("grantbook.public-url", "https://grantbook.example");

    @Test
    @DisplayName("4.3 The button of an invitation that nobody handed out counts")
    void anInvitationThatNobodyHandedOutCounts() {
        List<String> spent = new ArrayList<>();
        var start = new AuthorizationStart();
        start.attempts = new Attempts() {
            @Override
            public InvitationStart open(Secret token) {
                return new InvitationStart.NotOpened(Outcome.LINK_ENDED);
            }
        };
        start.anonymous = new AnonymousBudget() {
            @Override
            public void spend() {
                spent.add("one");
            }
        };
        start.settings = configuration.settings();

        assertThat(start.begin(new Secret("guessed")).location())
                .isEqualTo(Outcome.LINK_ENDED.page(configuration.settings()));
        assertThat(spent).hasSize(1);
    }
}
