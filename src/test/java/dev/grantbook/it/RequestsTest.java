package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The file of requests leaves no operation out; {@link ClientsIT} sends them. */
class RequestsTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final JsonObject PATHS = YamlDocument.read(
                    "openapi.yaml",
                    Objects.requireNonNull(RequestsTest.class.getResourceAsStream("/META-INF/openapi.yaml")))
            .json()
            .getJsonObject("paths");

    @Test
    void everyOperationIsShown() throws IOException {
        Requests file = Requests.read();
        Set<String> missing = new TreeSet<>();
        PATHS.forEach((path, item) -> item.asJsonObject().keySet().stream()
                .filter(METHODS::contains)
                .map(method -> method.toUpperCase(Locale.ROOT))
                .filter(method -> file.requests().stream().noneMatch(shown -> asks(shown, method, path)))
                .forEach(method -> missing.add(method + " " + path)));

        assertThat(PATHS).isNotEmpty();
        assertThat(missing)
                .as("operations that " + Requests.FILE + " leaves out")
                .isEmpty();
    }

    @Test
    void referencesAreFilledIn() {
        JsonObject answer = Json.createReader(new StringReader("{\"grants\":[{\"id\":\"g$1\",\"age\":7}]}"))
                .readObject();

        assertThat(Requests.fill(
                        "{{host}}/{{list.response.body.$.grants[0].id}}?age={{list.response.body.$.grants[0].age}}",
                        Map.of("host", "http://localhost:1"),
                        Map.of("list", answer)))
                .isEqualTo("http://localhost:1/g$1?age=7");
    }

    private static boolean asks(Requests.Request shown, String method, String path) {
        String target = shown.target().replace("{{host}}", "").replaceAll("\\?.*", "");
        String wanted = Pattern.compile("\\{[^}]+}")
                .splitAsStream(path + " ")
                .map(String::stripTrailing)
                .map(Pattern::quote)
                .reduce((one, other) -> one + "[^/]+" + other)
                .orElseThrow();
        return shown.method().equals(method) && target.matches(wanted);
    }
}
