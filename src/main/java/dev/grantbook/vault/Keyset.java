package dev.grantbook.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.grantbook.platform.config.ConfigurationException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a vault in order of age: those before the primary key are old, it seals, those after it are yet to seal.
 */
final class Keyset {

    /** Bytes that Tink puts before each ciphertext: one that marks it, and the key's number. */
    private static final int HEAD = 5;

    /** Characters of base64 that hold the head. */
    static final int HEAD_TEXT = 7;

    private static final Configuration CONFIGURATION = AeadConfig2026.get();

    /** Associated data of an encrypted keyset. */
    private static final byte[] PURPOSE = {};

    private final KeysetHandle handle;
    private final Aead aead;

    private Keyset(KeysetHandle handle) throws GeneralSecurityException {
        this.handle = handle;
        this.aead = handle.getPrimitive(CONFIGURATION, Aead.class);
    }

    /** A keyset of one new key. */
    static Keyset fresh() {
        try {
            return new Keyset(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, CONFIGURATION));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of Tink", e);
        }
    }

    /** Parses Tink's JSON, in clear or sealed by a master key. */
    static Keyset parse(String text, @Nullable Aead master) {
        try {
            KeysetHandle handle = master == null
                    ? TinkJsonProtoKeysetFormat.parseKeyset(text, CONFIGURATION, InsecureSecretKeyAccess.get())
                    : TinkJsonProtoKeysetFormat.parseEncryptedKeyset(text, master, PURPOSE, CONFIGURATION);
            for (int i = 0; i < handle.size(); i++) {
                if (!(handle.getAt(i).getKey() instanceof AeadKey key)
                        || key.getOutputPrefix().size() != HEAD) {
                    throw new ConfigurationException("the keyset has a key whose ciphertext does not begin with the"
                            + " key's number (Tink's output prefix RAW); such keys cannot be rotated");
                }
            }
            return new Keyset(handle);
        } catch (GeneralSecurityException e) {
            // Tink's message may quote the text.
            String sealed = master == null ? "" : ", sealed with grantbook.keyset.kms-uri";
            throw new ConfigurationException("the keyset is not a Tink AEAD keyset in JSON" + sealed + " ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    String text(@Nullable Aead master) throws GeneralSecurityException {
        return master == null
                ? TinkJsonProtoKeysetFormat.serializeKeyset(handle, CONFIGURATION, InsecureSecretKeyAccess.get())
                : TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(handle, master, PURPOSE, CONFIGURATION);
    }

    Aead aead() {
        return aead;
    }

    /** Number of the key that seals. */
    String primary() {
        return number(handle.getPrimary().getId());
    }

    /** Numbers of all usable keys, in order. */
    List<String> keys() {
        var keys = new ArrayList<String>();
        for (int i = 0; i < handle.size(); i++) {
            if (handle.getAt(i).getStatus() == KeyStatus.ENABLED) {
                keys.add(number(handle.getAt(i).getId()));
            }
        }
        return List.copyOf(keys);
    }

    /** Numbers of the keys before the primary one, which no longer seal. */
    List<String> old() {
        List<String> keys = keys();
        return keys.subList(0, keys.indexOf(primary()));
    }

    /** Appends a new key, which does not seal yet. */
    Keyset withNewKey() {
        return change(keys -> {
            var fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, CONFIGURATION);
            keys.addEntry(KeysetHandle.importKey(fresh.getPrimary().getKey()));
        });
    }

    /** Makes another key the one that seals. */
    Keyset withPrimary(String key) {
        return change(keys -> keys.getAt(indexOf(key)).makePrimary());
    }

    Keyset without(String key) {
        return change(keys -> keys.deleteAt(indexOf(key)));
    }

    private int indexOf(String key) {
        for (int i = 0; i < handle.size(); i++) {
            if (number(handle.getAt(i).getId()).equals(key)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the keyset has no key " + key);
    }

    private interface Change {
        void to(KeysetHandle.Builder keys) throws GeneralSecurityException;
    }

    private Keyset change(Change change) {
        try {
            KeysetHandle.Builder keys = KeysetHandle.newBuilder(handle).setConfiguration(CONFIGURATION);
            change.to(keys);
            return new Keyset(keys.build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset cannot be changed", e);
        }
    }

    /** Reads the number of the key that sealed a value; empty when none of ours did. */
    static Optional<String> keyOf(String sealed) {
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed.substring(0, Math.min(HEAD_TEXT, sealed.length())));
            return bytes.length == HEAD
                    ? Optional.of(number(ByteBuffer.wrap(bytes).getInt(1)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the four beginnings of values sealed by a key, for SQL: the last character has four bits of the number.
     */
    static List<String> heads(String key) {
        byte[] head = ByteBuffer.allocate(HEAD + 1)
                .put((byte) 1)
                .putInt(Integer.parseUnsignedInt(key))
                .array();
        var heads = new ArrayList<String>();
        for (int next = 0; next < 4; next++) {
            byte[] one = Arrays.copyOf(head, head.length);
            one[HEAD] = (byte) (next << 6);
            heads.add(Base64.getEncoder().encodeToString(one).substring(0, HEAD_TEXT));
        }
        return heads;
    }

    private static String number(int id) {
        return Integer.toUnsignedString(id);
    }
}
