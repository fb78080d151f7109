package dev.grantbook.channel;

import dev.grantbook.testing.Database;

class FacebookLinkingOnH2Test extends FacebookLinkingContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
