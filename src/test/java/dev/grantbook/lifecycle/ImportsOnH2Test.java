package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class ImportsOnH2Test extends ImportsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
