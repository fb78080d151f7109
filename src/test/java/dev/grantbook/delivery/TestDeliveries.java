package dev.grantbook.delivery;

import dev.grantbook.delivery.Deliveries.First;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.testing.Database;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** Deliveries without a server. */
public final class TestDeliveries {

    private TestDeliveries() {}

    public static DeliveryData data(Database database, Clock clock) {
        var data = new DeliveryData();
        data.entities = database.entities();
        data.clock = clock;
        return data;
    }

    /** As the server has them: what the courier calls is in a transaction of its own. */
    public static Deliveries in(Database database, Settings settings, Clock clock) {
        var deliveries = new Deliveries() {
            @Override
            public Optional<Delivery> take(String connector, First first) {
                return database.in(() -> super.take(connector, first));
            }

            @Override
            public void settle(Delivery taken, DeliveryResult answer) {
                database.run(() -> super.settle(taken, answer));
            }
        };
        deliveries.entities = database.entities();
        deliveries.settings = settings;
        deliveries.clock = clock;
        deliveries.random = new SecureRandom();
        return deliveries;
    }
}
