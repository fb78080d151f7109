package dev.grantbook.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Configuration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @ParameterizedTest
    @DisplayName("3.4 What answers with a token is refused to keys that may not have any, at every provider")
    @CsvSource({
        "discord, v10/oauth2/token, true",
        "discord, v10/users/@me, false",
        "facebook, v24.0/oauth/access_token, true",
        "facebook, oauth/access_token, true",
        "facebook, v24.0/OAuth/Access%5Ftoken/, true",
        "facebook, v24.0/me/accounts, false",
        "facebook, v24.0/xoauth/access_token, false",
        "github, applications/Iv1.a/token, true",
        "github, applications/Iv1.a/token/scoped, true",
        "github, app/installations/1/access_tokens, true",
        "github, repos/a/b/contents/applications/token, false",
        "google, oauth2/v4/token, true",
        "google, calendar/v3/users/me/calendarList, false",
        "line, oauth2/v2.1/token, true",
        "line, v2/oauth/accessToken, true",
        "line, v2/profile, false",
        "slack, oauth.v2.exchange, true",
        "slack, rtm.connect, true",
        "slack, auth.test, false",
        "slack, conversations.history, false",
        "zoom, v2/users/me/token, true",
        "zoom, v2/users/me/token;x=1, true",
        "zoom, v2/users/me/zak, true",
        "zoom, v2/meetings/1/jointoken/local_recording, true",
        "zoom, v2/users/me/meetings, false",
        "entra, v1.0/me/messages, false",
        "mixin, me, false"
    })
    void whatAnswersWithATokenIsRefused(String provider, String path, boolean refused) {
        assertThat(shipped(provider).proxy().refuses(path)).isEqualTo(refused);
    }

    @ParameterizedTest
    @DisplayName("3.4 What is redacted of replies is named where an API tells tokens")
    @CsvSource(
            delimiter = '|',
            value = {
                "facebook | access_token",
                "google | access_token",
                "zoom | zak, access_token, download_access_token"
            })
    void tokensInRepliesAreNamed(String provider, String names) {
        assertThat(shipped(provider).proxy().names()).isEqualTo(List.of(names.split(", ")));
    }

    private Provider shipped(String id) {
        return TestProviders.catalogue(configuration.settings()).find(id).orElseThrow();
    }
}
