package dev.grantbook.channel;

import dev.grantbook.platform.PersonalData;
import dev.grantbook.testing.Database;

/** Conversations without a server. */
public final class TestConversations {

    private TestConversations() {}

    public static Conversations in(Database database) {
        var conversations = new Conversations();
        conversations.entities = database.entities();
        return conversations;
    }

    public static PersonalData data(Database database) {
        var data = new ConversationData();
        data.entities = database.entities();
        return data;
    }
}
