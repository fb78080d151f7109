package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the schema of descriptors cannot see: that a shipped one agrees with itself, and speaks to people. */
class DescriptorsTest {

    @ParameterizedTest
    @FieldSource("dev.grantbook.catalogue.ProviderCatalogue#SHIPPED")
    void everyScopeIsExplainedInEnglishAndChinese(String id) {
        descriptor(id).getJsonObject("scopes").forEach((scope, texts) -> {
            assertThat(texts.asJsonObject().getJsonObject("name")).as(scope).containsKeys("en", "zh");
            assertThat(texts.asJsonObject().getJsonObject("description"))
                    .as(scope)
                    .containsKeys("en", "zh")
                    .allSatisfy((language, text) ->
                            assertThat(((JsonString) text).getString()).endsWith(language.equals("zh") ? "。" : "."));
        });
    }

    @ParameterizedTest
    @FieldSource("dev.grantbook.catalogue.ProviderCatalogue#SHIPPED")
    void scopesThatTheTraitsNameAreInTheCatalogue(String id) {
        JsonObject descriptor = descriptor(id);
        List<String> named = new ArrayList<>(strings(descriptor, "always"));
        named.addAll(strings(descriptor, "silent"));
        object(descriptor, "aliases").forEach((reported, ours) -> named.add(((JsonString) ours).getString()));
        object(descriptor, "implied").forEach((granted, included) -> {
            named.add(granted);
            named.addAll(strings(object(descriptor, "implied"), granted));
        });

        assertThat(descriptor.getJsonObject("scopes").keySet()).containsAll(named);
    }

    @ParameterizedTest
    @FieldSource("dev.grantbook.catalogue.ProviderCatalogue#SHIPPED")
    void aReportedNameIsNoScopeOfOurs(String id) {
        JsonObject descriptor = descriptor(id);

        assertThat(object(descriptor, "aliases").keySet())
                .noneMatch(reported -> descriptor.getJsonObject("scopes").containsKey(reported));
    }

    @ParameterizedTest
    @FieldSource("dev.grantbook.catalogue.ProviderCatalogue#SHIPPED")
    void everyProviderHasAPageThatTellsHowToSetItUp(String id) throws Exception {
        assertThat(Files.readString(Path.of("docs/providers", id + ".md"))).contains("## Set up", id + ".yaml");
    }

    private static JsonObject descriptor(String id) {
        return YamlDocument.read(
                        id,
                        Objects.requireNonNull(DescriptorsTest.class.getResourceAsStream("/catalogue/" + id + ".yaml")))
                .json();
    }

    private static JsonObject object(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static List<String> strings(JsonObject json, String name) {
        JsonArray list = json.containsKey(name) ? json.getJsonArray(name) : JsonValue.EMPTY_JSON_ARRAY;
        return list.getValuesAs(JsonString::getString);
    }
}
