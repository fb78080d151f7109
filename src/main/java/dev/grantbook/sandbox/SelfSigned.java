package dev.grantbook.sandbox;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;

/**
 * Writes the smallest certificate (RFC 5280 section 4.1); the Java platform reads certificates and cannot make them.
 */
final class SelfSigned {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT = 0x06;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xa0;

    /** sha256WithRSAEncryption, 1.2.840.113549.1.1.11, without parameters. */
    private static final byte[] ALGORITHM = der(
            SEQUENCE,
            der(OBJECT, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x0b}),
            new byte[] {0x05, 0x00});

    /** commonName, 2.5.4.3. */
    private static final byte[] NAME = der(
            SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT, new byte[] {0x55, 0x04, 0x03}), der(UTF8, ascii("sandbox")))));

    private SelfSigned() {}

    /** A certificate of an RSA key in PEM, good until 2049. */
    static String certificate(KeyPair pair) {
        byte[] content = der(
                SEQUENCE,
                der(VERSION, der(INTEGER, BigInteger.TWO.toByteArray())),
                der(INTEGER, BigInteger.ONE.toByteArray()),
                ALGORITHM,
                NAME,
                der(SEQUENCE, der(TIME, ascii("200101000000Z")), der(TIME, ascii("491231235959Z"))),
                NAME,
                pair.getPublic().getEncoded());
        byte[] signature;
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(pair.getPrivate());
            signer.update(content);
            signature = signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform signs with RSA", e);
        }
        byte[] whole = der(SEQUENCE, content, ALGORITHM, der(BIT_STRING, new byte[1], signature));
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, ascii("\n")).encodeToString(whole)
                + "\n-----END CERTIFICATE-----\n";
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var value = new ByteArrayOutputStream();
        value.write(tag);
        int length = content.size();
        if (length < 128) {
            value.write(length);
        } else {
            value.write(0x82);
            value.write(length >> 8);
            value.write(length);
        }
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
