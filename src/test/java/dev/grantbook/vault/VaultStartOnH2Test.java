package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class VaultStartOnH2Test extends VaultStartContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
