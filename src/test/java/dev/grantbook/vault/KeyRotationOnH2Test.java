package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class KeyRotationOnH2Test extends KeyRotationContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
