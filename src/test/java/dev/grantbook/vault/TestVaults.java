package dev.grantbook.vault;

/** Vaults without a server. */
public final class TestVaults {

    private TestVaults() {}

    /** One with a keyset of its own. */
    public static Vault fresh() {
        return Vault.of(Keyset.fresh());
    }
}
