package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {

    private static final Scopes PROFILE_AND_ASSETS = Scopes.of("PROFILE:READ", "ASSETS:READ");

    @Test
    void keepsTheOrder() {
        assertThat(Scopes.parse("b a c", ' ').toList()).containsExactly("b", "a", "c");
    }

    @Test
    void equalsTheSameTokensInAnotherOrder() {
        assertThat(Scopes.of("ASSETS:READ", "PROFILE:READ"))
                .isEqualTo(PROFILE_AND_ASSETS)
                .hasSameHashCodeAs(PROFILE_AND_ASSETS);
    }

    @Test
    void countsRepeatedTokensAndSeparatorsOnce() {
        assertThat(Scopes.parse("  a  b a ", ' ').toList()).containsExactly("a", "b");
        assertThat(Scopes.parse(",a,,b,", ',').toList()).containsExactly("a", "b");
        assertThat(Scopes.parse("a+b", '+').toList()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "   "})
    void readsNothingAsNoScopes(String text) {
        assertThat(Scopes.parse(text, ' ')).isEqualTo(Scopes.NONE);
        assertThat(Scopes.parse(text, ' ').isEmpty()).isTrue();
    }

    @Test
    void printsTheFormOfTheRfc() {
        assertThat(PROFILE_AND_ASSETS).hasToString("PROFILE:READ ASSETS:READ");
        assertThat(PROFILE_AND_ASSETS.join(",")).isEqualTo("PROFILE:READ,ASSETS:READ");
    }

    @Test
    void addsAndTakesAway() {
        Scopes both = PROFILE_AND_ASSETS.plus(Scopes.of("ASSETS:READ", "PHONE:READ"));

        assertThat(both.toList()).containsExactly("PROFILE:READ", "ASSETS:READ", "PHONE:READ");
        assertThat(both.minus(PROFILE_AND_ASSETS)).isEqualTo(Scopes.of("PHONE:READ"));
        assertThat(both.contains(PROFILE_AND_ASSETS)).isTrue();
        assertThat(PROFILE_AND_ASSETS.contains(both)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "a\nb", "a\tb", "\u0000", "\u007f", "é", "作用域", "\ud83d\ude00"})
    void refusesWhatIsNoScopeToken(String token) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Scopes.of(token))
                .withMessageContaining("RFC 6749");
    }

    @Test
    void takesEveryCharacterThatTheRfcAllows() {
        var legal = new StringBuilder();
        for (char c = 0x21; c <= 0x7e; c++) {
            if (c != '"' && c != '\\') {
                legal.append(c);
            }
        }

        assertThat(Scopes.parse(legal.toString(), ' ').toList()).containsExactly(legal.toString());
    }

    @Property
    void whatIsJoinedCanBeReadAgain(@ForAll("tokens") List<String> tokens) {
        Scopes scopes = Scopes.of(tokens);

        assertThat(Scopes.parse(scopes.toString(), ' ').toList()).isEqualTo(scopes.toList());
    }

    @Property
    void whatIsTakenAwayIsGoneAndTheRestStays(
            @ForAll("tokens") List<String> tokens, @ForAll("tokens") List<String> away) {
        Scopes all = Scopes.of(tokens);
        Scopes rest = all.minus(Scopes.of(away));

        assertThat(rest.toList()).doesNotContainAnyElementsOf(away);
        assertThat(rest.plus(Scopes.of(away)).contains(all)).isTrue();
    }

    @Provide
    Arbitrary<List<String>> tokens() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .excludeChars('"', '\\')
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(10);
    }
}
