package dev.grantbook.conversation;

import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.testing.Database;
import java.time.Clock;

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

    /** As the server has them: each call in a transaction of its own. */
    public static RetentionRule leftovers(Database database, Clock clock) {
        var leftovers = new ConversationRetention() {
            @Override
            public int drop(String connector, RetentionPeriods retention) {
                return database.in(() -> super.drop(connector, retention));
            }
        };
        leftovers.entities = database.entities();
        leftovers.clock = clock;
        return leftovers;
    }
}
