package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class AccessBatchOnH2Test extends AccessBatchContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
