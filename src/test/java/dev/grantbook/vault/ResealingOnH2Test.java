package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class ResealingOnH2Test extends ResealingContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
