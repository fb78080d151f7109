package dev.grantbook.authorization;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.Live;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Shortfall;
import java.time.Instant;
import java.util.Locale;

/** What the page at the end of an attempt says. */
public enum OutcomeEnding {
    COMPLETE("works", OutcomeButton.NOTHING),
    /** Something is locked, but the bot can go on. */
    NEARLY("works", OutcomeButton.THE_REST),
    PARTLY("locked", OutcomeButton.THE_REST),
    /** The grant waits for its confirmation, which this page has no code for. */
    WAITING("pause", OutcomeButton.NOTHING),
    /** The grant waits until the chat user hands over the code on this page. */
    UNCONFIRMED("pause", OutcomeButton.NOTHING),
    REFUSED("info", OutcomeButton.TRY_AGAIN),
    /** Refused; an earlier grant stays. */
    KEPT("info", OutcomeButton.TRY_AGAIN),
    WRONG_ACCOUNT("alert", OutcomeButton.TRY_AGAIN),
    UNREACHABLE("alert", OutcomeButton.TRY_AGAIN),
    FAILED("alert", OutcomeButton.TRY_AGAIN),
    RUNNING("pause", OutcomeButton.NOTHING),
    INTERRUPTED("pause", OutcomeButton.TRY_AGAIN),
    DISCONNECTED("info", OutcomeButton.TRY_AGAIN),
    EXPIRED("pause", OutcomeButton.TRY_AGAIN),
    /** The code was not sent in time, or a wrong one too often. */
    LAPSED("pause", OutcomeButton.TRY_AGAIN),
    LINK_ENDED("info", OutcomeButton.NOTHING),
    UNKNOWN("info", OutcomeButton.NOTHING),
    ELSEWHERE("info", OutcomeButton.NOTHING),
    CLOSED("info", OutcomeButton.NOTHING);

    /** What the user may ask for with the page's button. */
    enum OutcomeButton {
        NOTHING,
        THE_REST,
        TRY_AGAIN
    }

    private final String sign;
    private final OutcomeButton offer;

    OutcomeEnding(String sign, OutcomeButton offer) {
        this.sign = sign;
        this.offer = offer;
    }

    /** @param mayWait whether the page may still wait for an exchange that is running */
    static OutcomeEnding of(Attempt attempt, AccessDecision decision, boolean mayWait, Instant now) {
        return switch (attempt.status()) {
            case STARTED -> INTERRUPTED;
            case EXCHANGING -> !attempt.expiresAt().isAfter(now) ? FAILED : mayWait ? RUNNING : INTERRUPTED;
            case GRANTED -> of(decision);
            case DENIED -> decision instanceof Live ? KEPT : REFUSED;
            case WRONG_ACCOUNT -> WRONG_ACCOUNT;
            case UNREACHABLE -> UNREACHABLE;
            case FAILED -> FAILED;
        };
    }

    private static OutcomeEnding of(AccessDecision decision) {
        if (decision instanceof Unconfirmed) {
            return WAITING;
        }
        if (decision instanceof Live) {
            Shortfall remainder = decision.shortfall();
            return remainder.isNone() ? COMPLETE : remainder.isMet() ? NEARLY : PARTLY;
        }
        return decision instanceof Expired
                ? EXPIRED
                : decision.reason() == EndReason.UNCONFIRMED ? LAPSED : DISCONNECTED;
    }

    /** The part of the text keys: {@code wrong-account}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the style sheet calls its sign. */
    public String sign() {
        return sign;
    }

    OutcomeButton offer() {
        return offer;
    }
}
