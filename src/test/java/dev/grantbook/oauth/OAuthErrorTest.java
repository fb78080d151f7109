package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthErrorTest {

    @ParameterizedTest
    @CsvSource({
        "access_denied,        true",
        "login_required,       true",
        "consent_required,     true",
        "invalid_request,      false",
        "server_error,         false",
        "unauthorized_client,  false"
    })
    void tellsARefusalFromAFault(String code, boolean refusal) {
        assertThat(OAuthError.of(code, null).isRefusal()).isEqualTo(refusal);
    }

    @Test
    void readsLikeASentence() {
        assertThat(OAuthError.of("10002", "Invalid field.").redact(Redaction.NONE))
                .isEqualTo("10002: Invalid field.");
        assertThat(OAuthError.of("10002", null).redact(Redaction.NONE)).isEqualTo("10002");
    }

    @Property
    void isOneLineOfPlainTextWhateverAProviderSends(@ForAll String code, @ForAll String description) {
        assertThat(OAuthError.of(code, description).redact(Redaction.NONE))
                .matches("[ -~]*")
                .hasSizeLessThan(420);
    }
}
