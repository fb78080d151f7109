package dev.grantbook.vault;

import dev.grantbook.testing.Database;

/** Rotations without a server. */
public final class TestRotations {

    private TestRotations() {}

    /** The same vault after a new key was added and promoted. */
    public static Vault rotated(Vault before) {
        Keyset both = before.keyset().withNewKey();
        return TestVaults.of(both.withPrimary(both.keys().get(1)));
    }

    /** The same vault without the key that no longer seals. */
    public static Vault withoutOldKey(Vault rotated) {
        return TestVaults.of(rotated.keyset().without(rotated.keyset().keys().get(0)));
    }

    /** A node that knows the new key and still seals with the old one. */
    public static Vault known(Vault rotated, Vault before) {
        return TestVaults.of(rotated.keyset().withPrimary(before.keyset().primary()));
    }

    public static Resealing resealing(Database database, Vault vault) {
        var resealing = new Resealing();
        resealing.batch = 4;
        resealing.columns =
                database.in(() -> SealedColumn.all(database.entities().getMetamodel()));
        resealing.dataSource = database.dataSource();
        resealing.vault = vault;
        return resealing;
    }
}
