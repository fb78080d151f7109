package dev.grantbook.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MessagesTest {

    @Test
    void bothLanguagesSayTheSame() throws IOException {
        assertThat(texts("messages_zh").keySet()).isEqualTo(texts("messages").keySet());
    }

    private static Properties texts(String name) throws IOException {
        var in = Objects.requireNonNull(MessagesTest.class.getResourceAsStream(name + ".properties"));
        try (var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            var texts = new Properties();
            texts.load(reader);
            return texts;
        }
    }
}
