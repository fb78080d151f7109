package dev.grantbook.notice.meta;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.StringReader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose permissions a webhook says have changed. */
class PermissionChangeTest {

    @Test
    void everyAccountIsNamedOnce() {
        assertThat(accounts("""
                {"object": "permissions", "entry": [
                  {"time": 1795341600, "id": "1", "uid": "1", "changes": [{"field": "email", "value": {"verb": "revoked"}}]},
                  {"time": 1795341601, "id": "1", "changed_fields": ["pages_messaging"]},
                  {"time": 1795341602, "uid": "2"}]}
                """)).containsExactlyInAnyOrder("1", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"object\": \"user\", \"entry\": [{\"id\": \"1\"}]}",
                "{\"object\": \"page\", \"entry\": [{\"id\": \"1\"}]}",
                "{\"object\": [], \"entry\": [{\"id\": \"1\"}]}",
                "{\"object\": \"permissions\"}",
                "{\"object\": \"permissions\", \"entry\": {\"id\": \"1\"}}",
                "{\"object\": \"permissions\", \"entry\": [7, null, [], {}]}",
                "{\"object\": \"permissions\", \"entry\": [{\"id\": 1}]}",
                "{\"object\": \"permissions\", \"entry\": [{\"id\": \"\"}]}",
                "{\"object\": \"permissions\", \"entry\": [{\"id\": \"a\\u0000b\"}]}"
            })
    void whatSaysTooLittleNamesNobody(String webhook) {
        assertThat(accounts(webhook)).isEmpty();
    }

    private static Set<String> accounts(String webhook) {
        try (var reader = Json.createReader(new StringReader(webhook))) {
            return PermissionChange.accounts(reader.readObject());
        }
    }
}
