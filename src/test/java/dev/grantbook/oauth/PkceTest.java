package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PkceTest {

    private static final Pkce RFC_7636_APPENDIX_B = new Pkce(new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    /** Made by Mixin's own Node SDK. */
    private static final Pkce MIXIN = new Pkce(new Secret("MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w"));

    @Test
    void s256FollowsTheRfc() {
        assertThat(RFC_7636_APPENDIX_B.s256()).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assertThat(MIXIN.s256()).isEqualTo("qmKxnFbFD8jwx8kg6UAgcE-K-gNPC-5ShuxD2YLedG0");
    }

    @Test
    void rawBytesFollowsMixin() {
        assertThat(MIXIN.rawBytes()).isEqualTo("SUm3rLNWb4FXvJvDxyo9M7AsJo5Jm_f95TC9KjLzsM0");
    }

    @Test
    void aVerifierIs43CharactersOfBase64Url() {
        assertThat(Pkce.random(new SecureRandom()).verifier().value()).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void everyVerifierIsAnotherOne() {
        var random = new SecureRandom();

        assertThat(Pkce.random(random)).isNotEqualTo(Pkce.random(random));
    }

    @Test
    void theVerifierIsNotPrinted() {
        assertThat(MIXIN.toString()).doesNotContain(MIXIN.verifier().value());
    }
}
