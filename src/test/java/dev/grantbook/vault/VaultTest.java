package dev.grantbook.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.grantbook.platform.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {

    private static final String PLACE = "user_grant/1/access_token";
    private static final Vault VAULT = TestVaults.fresh();

    @Property(tries = 200)
    void opensWhatItSealed(@ForAll String text, @ForAll String place) {
        Sealed sealed = VAULT.seal(text, place);

        assertThat(VAULT.open(sealed, place)).isEqualTo(text);
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        assertThat(VAULT.seal("token", PLACE)).isNotEqualTo(VAULT.seal("token", PLACE));
    }

    @Test
    void showsNothingOfTheText() {
        Sealed sealed = VAULT.seal("swordfish", PLACE);

        assertThat(new String(Base64.getDecoder().decode(sealed.text()), StandardCharsets.ISO_8859_1))
                .doesNotContain("swordfish");
        assertThat(sealed).hasToString("[sealed]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_grant/2/access_token", "user_grant/1/refresh_token", "attempt/1/access_token", ""})
    void doesNotOpenWhatWasMovedToAnotherRowOrColumn(String elsewhere) {
        Sealed sealed = VAULT.seal("token", PLACE);

        refuses(VAULT, sealed.text(), elsewhere);
    }

    @Test
    void doesNotOpenWhatAnotherKeysetSealed() {
        refuses(TestVaults.fresh(), VAULT.seal("token", PLACE).text(), PLACE);
    }

    @Test
    void noticesEveryByteThatIsChanged() {
        byte[] bytes = Base64.getDecoder().decode(VAULT.seal("token", PLACE).text());
        for (int i = 0; i < bytes.length; i++) {
            byte[] tampered = bytes.clone();
            tampered[i] ^= 1;
            refuses(VAULT, Base64.getEncoder().encodeToString(tampered), PLACE);
        }
    }

    @Test
    void noticesEveryByteThatIsCutOff() {
        byte[] bytes = Base64.getDecoder().decode(VAULT.seal("token", PLACE).text());
        for (int length = 0; length < bytes.length; length++) {
            refuses(VAULT, Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length)), PLACE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64!", "AAAA", "token"})
    void refusesWhatWasNeverSealed(String text) {
        refuses(VAULT, text, PLACE);
    }

    @Test
    void opensOldValuesAfterARotationAndSealsWithTheNewKey() {
        Keyset before = Keyset.fresh();
        Sealed old = TestVaults.of(before).seal("token", PLACE);

        Keyset both = before.withNewKey();
        Vault rotated = TestVaults.of(both.withPrimary(both.keys().get(1)));

        assertThat(rotated.open(old, PLACE)).isEqualTo("token");
        refuses(TestVaults.of(before), rotated.seal("token", PLACE).text(), PLACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "swordfish", "{\"primaryKeyId\":1,\"key\":[]}"})
    void refusesAKeysetThatIsNoneWithoutRepeatingIt(String keyset) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Keyset.parse(keyset, null))
                .withMessageContaining("not a Tink AEAD keyset")
                .withMessageNotContaining("swordfish")
                .withNoCause();
    }

    @Test
    void cannotBeUsedBeforeTheStart() {
        assertThatIllegalStateException().isThrownBy(() -> new Vault().seal("token", PLACE));
    }

    private static void refuses(Vault vault, String sealed, String place) {
        assertThatExceptionOfType(VaultException.class)
                .isThrownBy(() -> vault.open(new Sealed(sealed), place))
                .withMessage("cannot open what is sealed at " + place);
    }
}
