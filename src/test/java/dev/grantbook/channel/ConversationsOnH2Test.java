package dev.grantbook.channel;

import dev.grantbook.testing.Database;

class ConversationsOnH2Test extends ConversationsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
