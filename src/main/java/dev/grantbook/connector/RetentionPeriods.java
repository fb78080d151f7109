package dev.grantbook.connector;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * For how long a connector's data is kept; each a number of days, weeks, months or years.
 *
 * @param unused tokens that no bot has got since are given up: half a year covers a bot that is used once a season
 * @param history lines of histories, and grants since their end: two years, since disputes about who allowed what come
 *     late
 * @param attempts authorization attempts, counted from their deadline: a month, for support
 * @param invitations links, counted from their deadline
 */
public record RetentionPeriods(Period unused, Period history, Period attempts, Period invitations) {

    static RetentionPeriods from(JsonObject json) {
        return new RetentionPeriods(
                Period.parse(json.getString("unused", "P180D")),
                Period.parse(json.getString("history", "P2Y")),
                Period.parse(json.getString("attempts", "P30D")),
                Period.parse(json.getString("invitations", "P30D")));
    }

    /** What is older than this has been kept for long enough. */
    public static Instant end(Period period, Instant now) {
        return now.atZone(ZoneOffset.UTC).minus(period).toInstant();
    }
}
