package dev.grantbook.provider.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies signatures by public keys (RFC 7515 section 5.2). */
public final class Signatures {

    private Signatures() {}

    public static boolean fit(JWSObject signed, JWKSet keys) {
        List<JWK> candidates = new JWKSelector(JWKMatcher.forJWSHeader(signed.getHeader())).select(keys);
        return candidates.stream().anyMatch(key -> fit(signed, key));
    }

    private static boolean fit(JWSObject signed, JWK key) {
        try {
            JWSVerifier verifier = verifier(key);
            return verifier != null && signed.verify(verifier);
        } catch (JOSEException e) {
            return false; // a key that cannot be used fits nothing
        }
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        return key instanceof OctetKeyPair edwards ? new Ed25519Verifier(edwards.toPublicJWK()) : null;
    }
}
