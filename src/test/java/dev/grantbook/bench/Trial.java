package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** One operation by one contestant. */
record Trial(String what, String who, Meter meter, Operation operation) {

    /** Reads what the contestant has used so far. */
    interface Meter {

        Usage read() throws IOException, SQLException;
    }

    Round measure(int callers, Duration length) throws IOException, InterruptedException, SQLException {
        Usage before = meter.read();
        Load load = Load.of(operation, callers, length);
        return new Round(load, meter.read().since(before));
    }
}
