package dev.grantbook.conversation.web;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What log-in pages send browsers to, in both ways of writing it. */
class ConverseRedirectTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            redirect_uri=https://c.example/back&authorization_code=abc, https://c.example/back, abc
            redirect_uri=https://c.example/back?a=1&authorization_code=abc, https://c.example/back?a=1, abc
            redirect_uri=https://c.example/back?a=1&b=2&authorization_code=abc, https://c.example/back?a=1&b=2, abc
            redirect_uri=https://c.example/back?a=%25C3%25BC&authorization_code=abc, https://c.example/back?a=%C3%BC, abc
            redirect_uri=https://c.example/back&authorization_code=a+b/c=, https://c.example/back, a+b/c=
            redirect_uri=https://c.example/back&authorization_code=a%7Cb, https://c.example/back, a|b
            redirect_uri=https%3A%2F%2Fc.example%2Fback%26authorization_code%3Dabc, https://c.example/back, abc
            redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fauthorization_code%3Dabc, https://c.example/back, abc
            redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fa%3D1%26authorization_code%3Dabc, https://c.example/back?a=1, abc
            redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fauthorization_code%3Dabc%26a%3D1, https://c.example/back?a=1, abc
            redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fauthorization_code%3Da%252Bb, https://c.example/back, a+b
            redirect_uri=https%3A%2F%2Fc.example%2Fback&authorization_code=abc, https://c.example/back, abc
            redirect_uri=https://c.example/back, https://c.example/back, -
            redirect_uri=https://c.example/back&authorization_code=, https://c.example/back, -
            authorization_code=abc&redirect_uri=https://c.example/back, https://c.example/back, abc
            redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fauthorization_code%3Dabc%23top, https://c.example/back#top, abc
            """)
    void areRead(String query, String target, @Nullable String code) {
        assertThat(ConverseRedirect.parse(query)).hasValue(new ConverseRedirect(target, code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redirect_uri=",
                "authorization_code=abc",
                "x=1&redirect_uri=https://c.example/back",
                "redirect_uri=https://c.example/back&redirect_uri=https://evil.example",
                "redirect_uri=https://c.example/back&authorization_code=a&authorization_code=b",
                "redirect_uri=https%3A%2F%2Fc.example%2F%3Fauthorization_code%3Da&authorization_code=b",
                "redirect_uri=https%3A%2F%2Fc.example%2F%3Fauthorization_code%3Da%26authorization_code%3Db",
                "redirect_uri=https://c.example/%",
                "redirect_uri=https://c.example/%2",
                "redirect_uri=https://c.example/%zz",
                "redirect_uri=https://c.example/%ff"
            })
    void areRefusedWhenTheyCouldMeanTwoThings(String query) {
        assertThat(ConverseRedirect.parse(query)).isEmpty();
    }

    @Test
    void mustBeThereAndNotEndless() {
        assertThat(ConverseRedirect.parse(null)).isEmpty();
        assertThat(ConverseRedirect.parse("redirect_uri=https://c.example/" + "a".repeat(8192)))
                .isEmpty();
    }

    @Property
    void neverThrow(@ForAll @StringLength(max = 60) String text) {
        ConverseRedirect.parse("redirect_uri=" + text)
                .ifPresent(read -> assertThat(read.target()).isNotEmpty());
    }

    @Test
    void doNotPrintTheirCode() {
        assertThat(ConverseRedirect.parse("redirect_uri=https://c.example/back&authorization_code=s3cret"))
                .get()
                .asString()
                .doesNotContain("s3cret");
    }
}
