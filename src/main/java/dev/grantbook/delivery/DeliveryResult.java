package dev.grantbook.delivery;

import java.time.Duration;

/**
 * A bot's answer to a message.
 *
 * @param text for people: the status, or why there was no answer
 * @param pause that the bot asks for; zero for none
 */
record DeliveryResult(Verdict verdict, String text, Duration pause) {

    enum Verdict {
        TAKEN,
        LATER,
        NEVER
    }

    private static final int GONE = 410;

    /** 2xx accepts the message; 410 means that the address is gone; all other statuses may pass. */
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
