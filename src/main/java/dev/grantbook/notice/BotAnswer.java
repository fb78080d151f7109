package dev.grantbook.notice;

/**
 * What a bot said to a message.
 *
 * @param text for people: the status, or why nothing was heard of the bot
 */
record BotAnswer(Verdict verdict, String text) {

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
    static BotAnswer of(int status) {
        Verdict verdict =
                status >= 200 && status < 300 ? Verdict.TAKEN : status == GONE ? Verdict.NEVER : Verdict.LATER;
        return new BotAnswer(verdict, "HTTP " + status);
    }

    static BotAnswer none(String why) {
        return new BotAnswer(Verdict.LATER, why);
    }

    static BotAnswer nowhere() {
        return new BotAnswer(Verdict.NEVER, "the connector has no address for deliveries any more");
    }
}
