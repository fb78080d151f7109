package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class ProbeOnH2Test extends ProbeContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
