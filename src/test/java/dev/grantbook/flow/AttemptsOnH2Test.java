package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class AttemptsOnH2Test extends AttemptsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
