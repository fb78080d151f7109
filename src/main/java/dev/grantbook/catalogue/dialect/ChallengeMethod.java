package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Pkce;
import java.util.Optional;

/** How the code challenge is made from the verifier; the descriptor has the method's name on the wire. */
public enum ChallengeMethod {
    /** RFC 7636 section 4.2. */
    S256 {
        @Override
        public Optional<String> challenge(Pkce pkce) {
            return Optional.of(pkce.s256());
        }
    },
    /** Over the decoded verifier instead of its characters. */
    RAW_BYTES {
        @Override
        public Optional<String> challenge(Pkce pkce) {
            return Optional.of(pkce.rawBytes());
        }
    },
    /** The provider knows no PKCE. */
    NONE {
        @Override
        public Optional<String> challenge(Pkce pkce) {
            return Optional.empty();
        }
    };

    public abstract Optional<String> challenge(Pkce pkce);
}
