package dev.grantbook.delivery;

import java.time.Duration;

/**
 * What a bot said to a message.
 *
 * @param text for people: the status, or why nothing was heard of the bot
 * @param pause how long it asks to be left alone; zero when it does not say
 */
record DeliveryResult(Verdict verdict, String text, Duration pause) {

    /** What comes of it. */
    enum Verdict {
        TAKEN,
        /** To be tried again. */
        LATER,
        /** Not to be tried again by itself. */
        NEVER
    }

    private static final int GONE = 410;

    /** Every 2xx takes the message; 410 says that the address wants nothing any more; all else may pass. */
    static DeliveryResult of(int status, Duration pause) {
        Verdict verdict =
                status >= 200 && status < 300 ? Verdict.TAKEN : status == GONE ? Verdict.NEVER : Verdict.LATER;
        return new DeliveryResult(verdict, "HTTP " + status, pause);
    }

    static DeliveryResult none(String why) {
        return new DeliveryResult(Verdict.LATER, why, Duration.ZERO);
    }

    static DeliveryResult nowhere() {
        return new DeliveryResult(Verdict.NEVER, "the connector has no address for deliveries any more", Duration.ZERO);
    }
}
