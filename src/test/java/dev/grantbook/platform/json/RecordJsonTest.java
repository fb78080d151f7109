package dev.grantbook.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.RecordJson.Name;
import dev.grantbook.platform.json.RecordJson.Unwrapped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

    private enum Colour {
        DARK_RED
    }

    private record Inner(@Nullable String name, int count) {}

    private record Values(
            String plainText,
            boolean flag,
            long number,
            Instant at,
            URI link,
            Locale locale,
            Colour colour,
            Scopes scopes,
            Secret token,
            Subject subject,
            @Name("class") List<Inner> list) {}

    private record Outer(
            Inner nested,
            @Unwrapped @Nullable Inner unwrapped,
            @Nullable Inner absent) {}

    private record Odd(Object value) {}

    @Test
    void membersComeInTheOrderOfTheComponentsInSnakeCase() {
        var values = new Values(
                "a",
                true,
                7,
                Instant.EPOCH,
                URI.create("https://bot.example/"),
                Locale.SIMPLIFIED_CHINESE,
                Colour.DARK_RED,
                Scopes.of("b", "a"),
                new Secret("clear"),
                new Subject("alice"),
                List.of(new Inner("x", 1)));

        assertThat(RecordJson.write(values)).hasToString("""
                {"plain_text":"a","flag":true,"number":7,"at":"1970-01-01T00:00:00Z","link":"https://bot.example/",\
                "locale":"zh-CN","colour":"dark_red","scopes":["b","a"],"token":"clear","subject":"alice",\
                "class":[{"name":"x","count":1}]}""");
    }

    @Test
    void whatIsNullIsLeftOutAndWhatIsUnwrappedHasNoObjectOfItsOwn() {
        assertThat(RecordJson.write(new Outer(new Inner(null, 1), new Inner("y", 2), null)))
                .hasToString("{\"nested\":{\"count\":1},\"name\":\"y\",\"count\":2}");
        assertThat(RecordJson.write(new Outer(new Inner(null, 1), null, null)))
                .hasToString("{\"nested\":{\"count\":1}}");
    }

    @Test
    void partsMakeOneObject() {
        assertThat(RecordJson.write(new Inner("x", 1), null, new Odd("z")))
                .hasToString("{\"name\":\"x\",\"count\":1,\"value\":\"z\"}");
    }

    @Test
    void aTypeWithoutAKnownFormIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RecordJson.write(new Odd(1.5)));
    }
}
