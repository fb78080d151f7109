package dev.grantbook.notice.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import jakarta.json.Json;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Messenger webhook says about linked accounts. */
class AccountLinkingTest {

    @Test
    void everyLinkOfEveryEntryIsFound() {
        assertThat(in("""
                {"object": "page", "entry": [
                  {"id": "page-1", "time": 1795341600000, "messaging": [
                    {"sender": {"id": "psid-1"}, "recipient": {"id": "page-1"}, "timestamp": 1795341600000,
                     "account_linking": {"status": "linked", "authorization_code": "code-1"}},
                    {"sender": {"id": "psid-2"}, "message": {"mid": "m", "text": "hello"}},
                    {"sender": {"id": "psid-3"}, "account_linking": {"status": "unlinked"}}]},
                  {"id": "page-2", "changes": [{"field": "feed"}]},
                  {"id": "page-3", "messaging": [
                    {"sender": {"id": "psid-4"}, "account_linking": {"status": "linked", "authorization_code": "code-4"}}]}]}
                """))
                .containsExactly(
                        new AccountLinking("psid-1", new Secret("code-1")),
                        new AccountLinking("psid-3", null),
                        new AccountLinking("psid-4", new Secret("code-4")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"entry\": {}}",
                "{\"entry\": [1, null, []]}",
                "{\"entry\": [{\"messaging\": [\"x\"]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {\"id\": \"p\"}}]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {\"id\": \"p\"}, \"account_linking\": {}}]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {\"id\": \"p\"}, \"account_linking\": {\"status\": \"linked\"}}]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {}, \"account_linking\": {\"status\": \"unlinked\"}}]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {\"id\": 7}, \"account_linking\": {\"status\": \"unlinked\"}}]}]}",
                "{\"entry\": [{\"messaging\": [{\"sender\": {\"id\": \"p\"}, \"account_linking\": {\"status\": \"LINKED\","
                        + " \"authorization_code\": \"c\"}}]}]}"
            })
    void whatSaysTooLittleSaysNothing(String webhook) {
        assertThat(in(webhook)).isEmpty();
    }

    @Test
    void theCodeIsNotPrinted() {
        assertThat(new AccountLinking("psid-1", new Secret("code-1")).toString())
                .doesNotContain("code-1");
    }

    private static List<AccountLinking> in(String webhook) {
        try (var reader = Json.createReader(new StringReader(webhook))) {
            return AccountLinking.in(reader.readObject());
        }
    }
}
