package dev.grantbook.vault;

/** Vaults without a server. */
public final class TestVaults {

    private TestVaults() {}

    /** One with a keyset of its own. */
    public static Vault fresh() {
        return of(Keyset.fresh());
    }

    /** One that never reads its keyset again. */
    static Vault of(Keyset keyset) {
        var vault = new Vault();
        vault.keyset = keyset;
        return vault;
    }
}
