package dev.grantbook.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.grantbook.oauth.Secret;
import jakarta.json.JsonObject;
import java.util.List;

/** Keys of providers and clients, made once, and what is signed with them. */
public final class TestKeys {

    public static final RSAKey RSA = rsa("rsa-1");
    static final RSAKey OTHER_RSA = rsa("rsa-2");
    public static final ECKey EC = ec("ec-1");
    public static final OctetKeyPair ED = ed("ed-1");

    private TestKeys() {}

    static RSAKey rsa(String name) {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(name)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey ec(String name) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(name).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static OctetKeyPair ed(String name) {
        try {
            return new OctetKeyPairGenerator(Curve.Ed25519).keyID(name).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** The public halves, as a provider publishes them. */
    static String published(JWK... keys) {
        return new JWKSet(List.of(keys)).toPublicJWKSet().toString();
    }

    static Secret signed(String algorithm, JWK key, JsonObject claims) {
        try {
            JWSSigner signer = key instanceof RSAKey rsa
                    ? new RSASSASigner(rsa)
                    : key instanceof ECKey ec ? new ECDSASigner(ec) : new Ed25519Signer((OctetKeyPair) key);
            return signed(new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(key.getKeyID()), signer, claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static Secret signed(String algorithm, Secret secret, JsonObject claims) {
        try {
            return signed(new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)), new MACSigner(secret.value()), claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static Secret signed(JWSHeader.Builder header, JWSSigner signer, JsonObject claims) throws JOSEException {
        var object = new JWSObject(header.build(), new Payload(claims.toString()));
        object.sign(signer);
        return new Secret(object.serialize());
    }
}
