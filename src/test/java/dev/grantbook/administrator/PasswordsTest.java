package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @BeforeEach
    void setUp() {
        passwords.random = new SecureRandom();
    }

    @Test
    void aHashIsOfOnePasswordAndSalted() {
        String hash = passwords.hash("swordfish 中");

        assertThat(passwords.verify("swordfish 中", hash)).isTrue();
        assertThat(passwords.verify("swordfish", hash)).isFalse();
        assertThat(passwords.verify("", hash)).isFalse();
        assertThat(passwords.hash("swordfish 中")).isNotEqualTo(hash);
        assertThat(hash).matches("PBKDF2WithHmacSHA512:210000:[0-9A-Za-z+/=]{44}:[0-9A-Za-z+/=]{44}");
    }

    /** Computed with Python's hashlib.pbkdf2_hmac. */
    @Test
    void aHashWithAnotherCountIsStillUnderstood() {
        assertThat(passwords.verify(
                        "swordfish", "PBKDF2WithHmacSHA512:1000:c2FsdA==:aqVQonk2y921x3fFPB6qTSiGs4xkRbxtglzutQ+iN7I="))
                .isTrue();
    }

    @Test
    void nobodyHasNoPassword() {
        assertThat(passwords.verify("", null)).isFalse();
        assertThat(passwords.verify("swordfish", null)).isFalse();
    }
}
