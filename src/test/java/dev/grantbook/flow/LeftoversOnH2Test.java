package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class LeftoversOnH2Test extends LeftoversContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
