package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class SweepingOnH2Test extends SweepingContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
