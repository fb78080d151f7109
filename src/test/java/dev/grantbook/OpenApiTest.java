package dev.grantbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.json.Schema;
import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The document that bots' developers read is what the API does. */
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final JsonObject DOCUMENT = YamlDocument.read(
                    "openapi.yaml",
                    Objects.requireNonNull(OpenApiTest.class.getResourceAsStream("/META-INF/openapi.yaml")))
            .json();

    @Test
    void describesEveryResourceAndNoOther() {
        Set<String> described = new TreeSet<>();
        eachOperation((name, operation) -> described.add(name));

        assertThat(described).isNotEmpty().isEqualTo(implemented());
    }

    @Test
    void describesEveryParameterOfAPath() {
        eachOperation((name, operation) -> {
            long wanted = name.chars().filter(c -> c == '{').count();
            JsonObject path = DOCUMENT.getJsonObject("paths").getJsonObject(name.substring(name.indexOf(' ') + 1));
            long described = pathParameters(path) + pathParameters(operation);
            assertThat(described).as(name).isEqualTo(wanted);
        });
    }

    private static long pathParameters(JsonObject described) {
        return described.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().stream()
                .filter(parameter ->
                        resolve(parameter.asJsonObject()).getString("in").equals("path"))
                .count();
    }

    @Test
    void saysForEveryOperationThatAKeyIsNeeded() {
        eachOperation((name, operation) ->
                assertThat(operation.getJsonObject("responses")).as(name).containsKeys("401", "403"));
    }

    @Test
    void saysForEveryOperationThatAKeyMayAskTooOften() {
        eachOperation((name, operation) ->
                assertThat(operation.getJsonObject("responses")).as(name).containsKey("429"));
    }

    @Test
    void saysForEveryPostOfOursThatItMayBeRepeated() {
        JsonObject key = Json.createObjectBuilder()
                .add("$ref", "#/components/parameters/IdempotencyKey")
                .build();
        eachOperation((name, operation) -> {
            if (name.startsWith("POST ") && !name.contains("/proxy/")) {
                assertThat(operation.getJsonArray("parameters")).as(name).contains(key);
                assertThat(operation.getJsonObject("responses")).as(name).containsKeys("409", "422");
            }
        });
    }

    @Test
    void showsExamplesThatItsOwnSchemasTake() {
        Schema schemas = schemas();
        Set<String> shown = new TreeSet<>();
        eachOperation((name, operation) -> {
            Optional.ofNullable(operation.getJsonObject("requestBody"))
                    .ifPresent(body -> checkExamples(schemas, name + " request", body, shown));
            operation
                    .getJsonObject("responses")
                    .forEach((status, response) ->
                            checkExamples(schemas, name + " " + status, resolve(response.asJsonObject()), shown));
        });

        assertThat(shown)
                .contains(
                        "POST /api/v1/access request portfolio",
                        "POST /api/v1/access 200 authorized",
                        "POST /api/v1/access 200 missing",
                        "POST /api/v1/invitations request portfolio",
                        "POST /api/v1/invitations 201 made",
                        "POST /api/v1/access 400 field");
    }

    private static void checkExamples(Schema schemas, String name, JsonObject message, Set<String> shown) {
        if (!message.containsKey("content")) {
            return;
        }
        message.getJsonObject("content").forEach((type, value) -> {
            JsonObject content = value.asJsonObject();
            String schema =
                    content.getJsonObject("schema").getString("$ref").replace("#/components/schemas/", "/$defs/");
            if (content.containsKey("examples")) {
                content.getJsonObject("examples").forEach((title, example) -> {
                    assertThat(schemas.violations(example.asJsonObject().getJsonObject("value"), schema))
                            .as(name + " " + title)
                            .isEmpty();
                    shown.add(name + " " + title);
                });
            }
        });
    }

    private static Set<String> implemented() {
        Set<String> operations = new TreeSet<>();
        String root = ApiApplication.class.getAnnotation(ApplicationPath.class).value();
        for (Class<?> type : new ApiApplication().getClasses()) {
            Path resource = type.getAnnotation(Path.class);
            if (resource == null) {
                continue;
            }
            for (Method method : type.getDeclaredMethods()) {
                Path path = method.getAnnotation(Path.class);
                String address = ("/" + root + "/" + resource.value() + (path == null ? "" : "/" + path.value()))
                        .replaceAll("\\{(\\w+):[^}]*}", "{$1}");
                Arrays.stream(method.getAnnotations())
                        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                        .filter(Objects::nonNull)
                        .forEach(verb -> operations.add(verb.value() + " " + address));
            }
        }
        return operations;
    }

    private static void eachOperation(BiConsumer<String, JsonObject> action) {
        DOCUMENT.getJsonObject("paths")
                .forEach((path, item) -> item.asJsonObject().forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        action.accept(method.toUpperCase(Locale.ROOT) + " " + path, operation.asJsonObject());
                    }
                }));
    }

    private static JsonObject resolve(JsonObject described) {
        String reference = described.getString("$ref", "");
        return reference.isEmpty()
                ? described
                : (JsonObject) Json.createPointer(reference.substring(1)).getValue(DOCUMENT);
    }

    private static Schema schemas() {
        JsonValue all = DOCUMENT.getJsonObject("components").getJsonObject("schemas");
        String defs = all.toString().replace("#/components/schemas/", "#/$defs/");
        try (var reader = Json.createReader(new StringReader("{\"$defs\":" + defs + "}"))) {
            return new Schema(URI.create("urn:openapi"), reader.readObject());
        }
    }
}
